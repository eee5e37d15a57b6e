import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { InvalidInput } from '../../core/errors';

const UNITS = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const;
const Size = z
  .string()
  .regex(/^\d+(\.\d+)?(KiB|MiB|GiB|TiB)$/, 'a size looks like 64GiB')
  .transform(text => Math.floor(Number.parseFloat(text) * UNITS[text.slice(-3) as keyof typeof UNITS]));
const Folder = z.string().refine(isAbsolute, 'an absolute path');
const Word = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,252}$/, 'letters, digits and . _ / - only');
/** A credential lies where only the daemon looks, never in the file itself; it is read anew for each call. */
const Credential = z.union([z.strictObject({ environment: z.string().min(1) }), z.strictObject({ file: Folder })], { error: 'a credential is `{ environment: NAME }` or `{ file: /PATH }`' });
const Url = z.url({ protocol: /^https?$/ }).refine(url => !/^https?:\/\/[^/]*@/i.test(url), 'holds no credentials: use `token`');

const common = {
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'small letters, digits and -').refine(name => name !== 'local', '`local` is this machine'),
  shared: z.strictObject({ folder: Folder, onNodes: Folder.optional() }),
  nodes: z
    .strictObject({
      node: z.string().min(1).default('node'),
      python: Folder,
      sandbox: z.enum(['auto', 'none']).default('auto'),
      notebooks: z.enum(['copied', 'mounted']).default('copied'),
      largestFolder: Size.default(2 ** 30)
    })
    .refine(n => n.sandbox === 'auto' || n.notebooks === 'copied', 'without walls a step may not work in the notebook’s own folder: `notebooks: copied`'),
  limits: z.strictObject({
    cpus: z.number().positive(),
    memory: Size,
    gpus: z.int().nonnegative().default(0),
    maxJobs: z.int().positive().max(10_000).default(100)
  })
};

export const SlurmConfig = z.strictObject({
  kind: z.literal('slurm'),
  ...common,
  url: Url,
  user: Word,
  token: Credential,
  partition: Word.optional(),
  account: Word.optional(),
  qos: Word.optional(),
  gpuType: Word.optional(),
  gpuTypes: z.record(z.string().min(1), Word).default({})
});
export const RayConfig = z.strictObject({ kind: z.literal('ray'), ...common, url: Url, token: Credential.optional() });
export const KubernetesConfig = z.strictObject({
  kind: z.literal('kubernetes'),
  ...common,
  kubeconfig: Folder.optional().describe('Absent: the service account of the pod the daemon runs in'),
  context: z.string().min(1).optional(),
  namespace: Word.default('default'),
  image: z.string().min(1),
  volume: z.strictObject({ claim: Word }),
  queue: Word.optional().describe('A LocalQueue of Kueue'),
  serviceAccount: Word.optional(),
  nodeSelector: z.record(z.string(), z.string()).default({}),
  gpuTypes: z.record(z.string().min(1), z.record(z.string(), z.string())).default({}),
  gpuResource: z.string().min(1).default('nvidia.com/gpu'),
  keepSeconds: z.int().positive().default(3600)
});
export const EngineConfig = z.discriminatedUnion('kind', [SlurmConfig, RayConfig, KubernetesConfig]);
export type SlurmConfig = z.infer<typeof SlurmConfig>;
export type RayConfig = z.infer<typeof RayConfig>;
export type KubernetesConfig = z.infer<typeof KubernetesConfig>;
export type EngineConfig = z.infer<typeof EngineConfig>;
export type Credential = z.infer<typeof Credential>;

const EnginesFile = z.strictObject({
  engines: z.array(EngineConfig).refine(all => new Set(all.map(e => e.name)).size === all.length, 'two engines have one name')
});

/** The engines of `engines.yaml` in Slipway's home; none where there is no such file. @throws {InvalidInput} `bad_engines`, naming each fault's place */
export function readEngines(home: string): EngineConfig[] {
  const path = join(home, 'engines.yaml');
  return existsSync(path) ? parseEngines(readFileSync(path, 'utf8'), path) : [];
}

/** @throws {InvalidInput} */
export function parseEngines(text: string, path: string): EngineConfig[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const lineAt = (offset: number | undefined): string => (offset === undefined ? path : `${path}:${lines.linePos(offset).line}`);
  if (document.errors.length > 0) {
    throw new InvalidInput('bad_engines', document.errors.map(e => `${lineAt(e.pos[0])}: ${e.message.split('\n')[0]}`).join('\n'));
  }
  const result = EnginesFile.safeParse(document.toJS({ maxAliasCount: 0 }) ?? { engines: [] });
  if (result.success) {
    return result.data.engines;
  }
  const faults = result.error.issues.map(issue => {
    const place = issue.path.map((_, i) => document.getIn(issue.path.slice(0, issue.path.length - i), true)).find(node => node !== undefined) as { range?: [number] } | undefined;
    return `${lineAt(place?.range?.[0])}: ${issue.path.join('.') || 'engines'}: ${issue.message}`;
  });
  throw new InvalidInput('bad_engines', faults.join('\n'));
}
