import type { UriComparison } from '@slipway/schema';
import { modelUri } from '../../lineage';
import { artifactRoot, type Tracking } from '../../tracking';
import type { Registry } from '../service';
import { differences } from './differences';
import type { Makings } from './making';
import { signatureChanges } from './signature-changes';

/** A run or a model, found: where it was made, and where its files are. */
interface Subject {
  uri: string;
  label: string;
  runId: string | null;
  folder: string | null;
}

/** "What changed between these two", for any two runs or models. */
export function createUriComparison(deps: { registry: Registry; tracking: Tracking; makings: Makings }) {
  const { registry, tracking, makings } = deps;

  /** @throws {NotFound} `no_such_run`, `no_such_logged_model`, `no_such_model`, `no_such_version`, `no_such_alias` */
  async function find(uri: string): Promise<Subject> {
    const [, kind, rest] = /^([a-z-]+):(.*)$/s.exec(uri)!;
    switch (kind) {
      case 'run': {
        const row = await tracking.runs.find(rest!);
        return { uri, label: row.name, runId: row.id, folder: null };
      }
      case 'logged-model': {
        const { row } = await tracking.loggedModels.get(rest!);
        return { uri, label: row.name, runId: row.source_run_id, folder: artifactRoot({ artifact_uri: row.artifact_location }) };
      }
      default: {
        const at = rest!.lastIndexOf('@');
        const [name, which] = [rest!.slice(0, at), rest!.slice(at + 1)];
        const found = await registry.resolve(name, /^\d+$/.test(which) || which === 'latest' ? which : `@${which}`);
        return { uri: modelUri(name, found.version), label: `${name} v${found.version}`, runId: found.runId, folder: found.folder };
      }
    }
  }

  return {
    async compare(query: { candidate: string; champion: string }): Promise<UriComparison> {
      const [candidate, champion] = [await find(query.candidate), await find(query.champion)];
      const notes: string[] = [];
      const [mine, theirs] = [await makings.of(candidate, candidate.label, notes), await makings.of(champion, champion.label, notes)];
      const differ = differences(mine, theirs);
      const areCellsKnown = mine.cells.length > 0 && theirs.cells.length > 0;
      const side = ({ uri, label, runId }: Subject) => ({ uri, label, runId });
      return { candidate: side(candidate), champion: side(champion), ...differ, signature: signatureChanges(mine.signature, theirs.signature), cells: areCellsKnown ? differ.cells : [], notes };
    }
  };
}

export type UriComparisons = ReturnType<typeof createUriComparison>;
