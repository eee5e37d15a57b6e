import type { LineageGraph, LineageNode } from '@slipway/schema';
import * as React from 'react';
import { DaemonNotice } from '../core/daemon-notice';
import { Button, Empty, ErrorNote, Heading } from '../core/parts';
import { useSignal, useSlipway } from '../core/ui';
import { Graph, type GraphNode } from '../graph/graph';
import { askedUri } from './asked-uri';
import type { LineageModel } from './lineage-model';
import { nearest } from './nearest';
import { NodePanel } from './node-panel';
import { opener } from './open-node';
import { ViewBar } from './view-bar';
import { kindWord } from './words';

const MOST_NODES = 250;

/** What anything came from and led to, drawn. */
export function LineagePage({ model }: { model: LineageModel }): React.JSX.Element {
  const { trans } = useSlipway();
  useSignal(model.changed);
  const { view, loader } = model;
  const graph = loader.value;
  const focus = graph?.nodes.find(node => node.uri === view.uri);
  return (
    <div className="jp-SlipwayLineage">
      <Heading level={1} title={focus ? trans.__('Lineage of %1', focus.label) : trans.__('Lineage')}>
        {model.canGoBack && <Button onClick={() => model.back()}>{trans.__('Back')}</Button>}
      </Heading>
      <DaemonNotice />
      <AskBox model={model} />
      {view.uri !== null && <ViewBar model={model} />}
      <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />
      {view.uri === null ? <Start /> : graph && !loader.error && <Drawn model={model} graph={graph} uri={view.uri} />}
    </div>
  );
}

function Start(): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <Empty title={trans.__('Nothing is looked at yet')}>
      {trans.__('Write a file’s path or SHA-256, a run’s id or a model (models:/iris/3) above; or choose “Lineage” on the page of a run or a model.')}
    </Empty>
  );
}

function AskBox({ model }: { model: LineageModel }): React.JSX.Element {
  const { trans } = useSlipway();
  const { uri } = model.view;
  const [text, setText] = React.useState(uri ?? '');
  const [isWrong, setWrong] = React.useState(false);
  React.useEffect(() => setText(uri ?? ''), [uri]);
  const onSubmit = (event: React.FormEvent): void => {
    event.preventDefault();
    const asked = askedUri(text);
    setWrong(asked === null);
    if (asked !== null) {
      model.look(asked);
    }
  };
  return (
    <form className="jp-SlipwayLineage-ask" onSubmit={onSubmit}>
      <label>
        {trans.__('Look from')}
        <input type="text" className="jp-mod-styled" value={text} spellCheck={false} placeholder={trans.__('a path, a SHA-256, a run’s id, models:/iris/3')} aria-invalid={isWrong || undefined} onChange={event => setText(event.target.value)} />
      </label>
      <Button type="submit">{trans.__('Look')}</Button>
      {isWrong && <p className="jp-SlipwayNote" data-kind="error" role="alert">{trans.__('This is no path, digest, run or model.')}</p>}
    </form>
  );
}

function Drawn({ model, graph, uri }: { model: LineageModel; graph: LineageGraph; uri: string }): React.JSX.Element {
  const slipway = useSlipway();
  const { trans } = slipway;
  const [chosen, setChosen] = React.useState<string | null>(null);
  const shown = React.useMemo(() => nearest(graph, uri, MOST_NODES), [graph, uri]);
  const node = shown.nodes.find(each => each.uri === chosen) ?? shown.nodes.find(each => each.uri === uri);
  if (shown.edges.length === 0) {
    return (
      <>
        <Empty title={trans.__('Nothing came before it and nothing after, as far as one looks here')}>{trans.__('Look both ways, deeper, or at another time.')}</Empty>
        {node && <NodePanel model={model} node={node} />}
      </>
    );
  }
  return (
    <>
      <Graph label={trans.__('Lineage')} direction="RIGHT" maxHeight={620} nodes={shown.nodes.map(each => toCard(slipway, each, uri))} edges={shown.edges.map(({ from, to, kind }) => ({ from, to, isFaint: kind === 'same' }))} selected={new Set(node ? [node.uri] : [])} onSelect={ids => setChosen([...ids].filter(id => id !== node?.uri)[0] ?? chosen)} />
      {(graph.isTruncated || shown.hiddenCount > 0) && (
        <p className="jp-SlipwayNote" role="note">{trans.__('There is more than is shown: look less deep, or from nearer to it.')}</p>
      )}
      {node && <NodePanel model={model} node={node} />}
    </>
  );
}

function toCard(slipway: ReturnType<typeof useSlipway>, node: LineageNode, focus: string): GraphNode {
  const { trans } = slipway;
  const detail = node.kind === 'dataset' && node.digest ? node.digest.replace(/^(sha256:.{12}).*/, '$1…') : node.kind === 'cell' ? (node.detail?.split('/').pop() ?? '') : (node.detail ?? '');
  const open = opener(slipway, node);
  return {
    id: node.uri,
    title: node.label,
    badge: node.uri === focus ? `● ${kindWord(trans, node.kind)}` : kindWord(trans, node.kind),
    state: `lineage-${node.kind}`,
    lines: detail === '' ? [] : [{ text: detail, kind: 'note' }],
    ...(open && { onOpen: open })
  };
}
