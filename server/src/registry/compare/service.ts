import type { ModelComparison, VersionMaking } from '@slipway/schema';
import type { Registry } from '../service';
import { differences } from './differences';
import type { Makings } from './making';
import { signatureChanges } from './signature-changes';

/** "What changed between these two versions", from what was recorded when their runs ran. */
export function createComparison(deps: { registry: Registry; makings: Makings }) {
  const { registry, makings } = deps;

  return {
    /** @throws {NotFound} `no_such_model`, `no_such_version`, `no_such_alias` */
    async compare(name: string, which: { candidate: string; champion: string }): Promise<ModelComparison> {
      const [candidate, champion] = [await registry.resolve(name, which.candidate), await registry.resolve(name, which.champion)];
      const notes: string[] = [];
      const [mine, theirs] = [await makings.of(candidate, `Version ${candidate.version}`, notes), await makings.of(champion, `Version ${champion.version}`, notes)];
      const differ = differences(mine, theirs);
      const areCellsKnown = mine.cells.length > 0 && theirs.cells.length > 0;
      const side = ({ version, runId }: typeof candidate) => ({ version, runId });
      return { model: name, candidate: side(candidate), champion: side(champion), ...differ, signature: signatureChanges(mine.signature, theirs.signature), cells: areCellsKnown ? differ.cells : [], notes };
    },
    /** @throws {NotFound} `no_such_model`, `no_such_version`, `no_such_alias` */
    async making(name: string, which: string): Promise<VersionMaking> {
      const version = await registry.resolve(name, which);
      const notes: string[] = [];
      const making = await makings.of(version, `Version ${version.version}`, notes);
      return {
        params: Object.fromEntries(making.params),
        notebookPath: making.notebookPath,
        cells: making.cells.map(({ id, source }) => ({ id, source })),
        packages: Object.fromEntries([...making.packages].sort(([a], [b]) => (a < b ? -1 : 1))),
        python: making.python,
        data: [...making.data].map(([path, digest]) => ({ path, digest })),
        notes
      };
    }
  };
}

export type ModelComparisons = ReturnType<typeof createComparison>;
