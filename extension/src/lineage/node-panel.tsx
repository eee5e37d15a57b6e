import type { LineageNode } from '@slipway/schema';
import * as React from 'react';
import { Button, Heading } from '../core/parts';
import { useSlipway } from '../core/ui';
import type { LineageModel } from './lineage-model';
import { opener } from './open-node';
import { kindWord } from './words';

/** The chosen thing: what it is, and where one goes from it. */
export function NodePanel({ model, node }: { model: LineageModel; node: LineageNode }): React.JSX.Element {
  const slipway = useSlipway();
  const { trans } = slipway;
  const open = opener(slipway, node);
  const words: Record<string, string> = { cell: trans.__('Open the notebook at the cell'), run: trans.__('Open the run'), model: trans.__('Open the model'), pipeline: trans.__('Open the pipeline') };
  const path = node.kind === 'dataset' ? node.detail : null;
  return (
    <section className="jp-SlipwayLineage-node" aria-label={trans.__('What is chosen')}>
      <Heading level={2} title={node.label}>
        {open && <Button kind="accept" onClick={open}>{words[node.kind]}</Button>}
        {node.uri !== model.view.uri && <Button onClick={() => model.look(node.uri)}>{trans.__('Look from here')}</Button>}
        {node.digest !== null && model.view.uri !== `dataset:@${node.digest}` && <Button onClick={() => model.look(`dataset:@${node.digest}`)}>{trans.__('Wherever these bytes were')}</Button>}
        {path && <CopyButton text={path} label={trans.__('Copy the path')} />}
      </Heading>
      <dl className="jp-SlipwayFacts">
        <dt>{trans.__('Kind')}</dt>
        <dd>{kindWord(trans, node.kind)}</dd>
        {node.detail && (
          <>
            <dt>{node.kind === 'cell' ? trans.__('Notebook') : node.kind === 'dataset' ? trans.__('Path') : trans.__('More')}</dt>
            <dd>{node.detail}</dd>
          </>
        )}
        {node.digest && (
          <>
            <dt>{trans.__('Digest')}</dt>
            <dd><code>{node.digest}</code></dd>
          </>
        )}
        <dt>{trans.__('URI')}</dt>
        <dd><code>{node.uri}</code></dd>
      </dl>
      {!node.isKnown && <p className="jp-SlipwayNote" role="note">{trans.__('It is not here (any more): only what came from it and what it came from is known.')}</p>}
    </section>
  );
}

function CopyButton({ text, label }: { text: string; label: string }): React.JSX.Element {
  const { trans } = useSlipway();
  const [isCopied, setCopied] = React.useState(false);
  React.useEffect(() => setCopied(false), [text]);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false)
    );
  };
  return (
    <Button onClick={copy}>
      <span aria-live="polite">{isCopied ? trans.__('Copied') : label}</span>
    </Button>
  );
}
