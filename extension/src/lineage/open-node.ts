import type { LineageNode } from '@slipway/schema';
import { CommandIds } from '../core/command-ids';
import type { ISlipway } from '../core/tokens';
import { readCellUri } from '../registry/lineage-uris';

/** How a node's own page is opened; null where it has none. */
export function opener({ commands }: ISlipway, node: LineageNode): (() => void) | null {
  const run = (command: string, args: Record<string, string | null>): (() => void) => () => void commands.execute(command, args);
  const [, name, version] = /^[a-z-]+:(.+)@(\d+)$/s.exec(node.uri) ?? [];
  const id = node.uri.slice(node.uri.indexOf(':') + 1);
  switch (node.kind) {
    case 'cell': {
      const cell = readCellUri(node.uri);
      return cell && !cell.notebookPath.startsWith('session:') ? run(CommandIds.revealCell, { path: cell.notebookPath, cellId: cell.cellId }) : null;
    }
    case 'run':
      return !node.isKnown ? null : node.pipelineRunId === null ? run(CommandIds.openTrackedRun, { runId: id, name: node.label }) : run(CommandIds.openRun, { runId: node.pipelineRunId });
    case 'model':
      return node.isKnown && version !== undefined ? run(CommandIds.openModel, { name: name!, version }) : null;
    case 'pipeline':
      return node.isKnown && name !== undefined ? run(CommandIds.openPipeline, { name }) : null;
    default:
      return null;
  }
}
