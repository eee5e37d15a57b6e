import type { LineageGraph } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import type { Loader } from '../core/loader';
import { Button, Empty, ErrorNote } from '../core/parts';
import { useSignal, useSlipway } from '../core/ui';
import { Graph } from '../graph/graph';
import { kindWord } from '../lineage/words';
import { readCellUri } from './lineage-uris';
import { lineageLoader } from './loaders';

/** What a model version came from: runs, cells, data files. */
export function LineageView({ name, version }: { name: string; version: string }): React.JSX.Element | null {
  const slipway = useSlipway();
  const [loader, setLoader] = React.useState<Loader<LineageGraph> | null>(null);
  React.useEffect(() => {
    const opened = lineageLoader(slipway, name, version);
    setLoader(opened);
    return () => opened.dispose();
  }, [slipway, name, version]);
  return loader && <Lineage loader={loader} />;
}

function Lineage({ loader }: { loader: Loader<LineageGraph> }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  useSignal(loader.changed);
  const graph = loader.value;
  if (!graph) {
    return <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />;
  }
  if (graph.edges.length === 0) {
    return <Empty title={trans.__('Nothing is known of where this version came from')} />;
  }
  const open = (uri: string): void => {
    const cell = readCellUri(uri);
    if (cell) {
      void commands.execute(CommandIds.revealCell, { path: cell.notebookPath, cellId: cell.cellId });
    }
  };
  const nodes = graph.nodes.map(node => ({ id: node.uri, title: node.kind === 'run' ? node.label.slice(0, 8) : node.label, badge: kindWord(trans, node.kind), state: `lineage-${node.kind}`, lines: [], onOpen: () => open(node.uri) }));
  const cells = graph.nodes.filter(node => node.kind === 'cell');
  return (
    <>
      <div className="jp-SlipwayLineage-graph">
        <Graph label={trans.__('Lineage')} direction="RIGHT" nodes={nodes} edges={graph.edges.map(({ from, to }) => ({ from, to }))} selected={new Set()} onSelect={ids => ids.forEach(open)} />
      </div>
      {graph.isTruncated && <p className="jp-SlipwayNote" role="note">{trans.__('There is more than is shown.')}</p>}
      {cells.length > 0 && (
        <p className="jp-SlipwayLineage-cells">
          {trans.__('Cells it came from:')}{' '}
          {cells.map(cell => (
            <Button key={cell.uri} kind="link" onClick={() => open(cell.uri)}>{cell.label}</Button>
          ))}
        </p>
      )}
    </>
  );
}
