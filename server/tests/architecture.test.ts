import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** What each folder of server/src may import from, besides itself. */
const MAY_USE: Record<string, readonly string[]> = {
  core: [],
  database: ['core'],
  events: ['core', 'database'],
  access: ['core', 'database', 'events'],
  lineage: ['core', 'database', 'events'],
  artifacts: ['core', 'database', 'events'],
  scheduler: ['core', 'database', 'events'],
  notebooks: ['core'],
  'training-rules': ['core', 'database'],
  tracking: ['core', 'database', 'events', 'access', 'lineage', 'artifacts', 'notebooks'],
  webhooks: ['core', 'database', 'events', 'access', 'tracking'],
  registry: ['core', 'database', 'events', 'lineage', 'artifacts', 'tracking'],
  imports: ['core', 'database', 'lineage', 'tracking', 'registry'],
  pipelines: ['core', 'database', 'events', 'lineage', 'artifacts', 'scheduler', 'notebooks', 'training-rules', 'tracking', 'registry'],
  secrets: ['core', 'database', 'access', 'webhooks'],
  notifications: ['core', 'database', 'events', 'webhooks'],
  backfills: ['core', 'database', 'events', 'scheduler', 'pipelines'],
  sweeps: ['core', 'database', 'events', 'scheduler', 'tracking', 'pipelines'],
  'pipeline-files': ['core', 'database', 'notebooks', 'pipelines', 'triggers'],
  triggers: ['core', 'database', 'events', 'access', 'scheduler', 'webhooks', 'pipelines'],
  upkeep: ['core', 'database', 'events', 'artifacts', 'tracking'],
  openlineage: ['core', 'database', 'events', 'lineage', 'artifacts', 'notebooks', 'tracking', 'webhooks', 'registry', 'pipelines'],
  serving: ['core', 'database', 'events', 'artifacts', 'scheduler', 'tracking', 'registry'],
  system: ['core', 'database'],
  daemon: ['core', 'database', 'app'],
  docs: ['core'],
  pages: ['core', 'access'],
  cli: ['core', 'notebooks', 'pipeline-files', 'daemon', 'scheduler']
};

test('every import goes downwards and through the index', () => {
  expect(violations(join(__dirname, '../src'))).toEqual([]);
});

test('the rule notices a wrong import', () => {
  expect(check('core/x.ts', `import { a } from '../tracking';`)).toEqual([['core/x.ts', '../tracking']]);
  expect(check('tracking/x.ts', `import { a } from '../lineage/service';`)).toHaveLength(1);
  expect(check('tracking/x.ts', `import { a } from '../lineage';`)).toEqual([]);
  expect(check('database/tables.ts', `import type { T } from '../lineage/tables';`)).toEqual([]);
});

function violations(root: string): [string, string][] {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(f => /\.tsx?$/.test(f) && f.includes(sep));
  return files.flatMap(f => check(relative('.', f), readFileSync(join(root, f), 'utf8')));
}

function check(file: string, source: string): [string, string][] {
  const from = file.split(sep)[0]!;
  const imports = [...source.matchAll(/^(?:import|export)\s+(type )?[^'"]*?from '((?:\.\.\/)+)([^/']+)([^']*)'/gms)];
  return imports
    .filter(([, type, up, folder, rest]) => {
      const depth = file.split(sep).length - 1;
      if (up!.length / 3 !== depth || folder === from || file.endsWith('.test.ts')) return false; // stays inside the feature
      if (type && file === join('database', 'tables.ts')) return false; // the one declared exception
      const throughIndex = folder === 'core' || rest === '';
      return !(MAY_USE[from]?.includes(folder!) && throughIndex);
    })
    .map(([, , up, folder, rest]) => [file, `${up}${folder}${rest}`]);
}
