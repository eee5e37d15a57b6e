import * as React from 'react';
import { ErrorNote } from '../core/parts';
import { useSignal, useSlipway } from '../core/ui';
import { LogModel } from './log-model';
import { withoutEscapes } from './escapes';

interface Props {
  runId: string;
  step: string;
  /** Of a map: which item's. */
  item?: number;
  /** A new attempt has a log of its own. */
  attempts: number;
}

/** A step's log; follows its end unless the reader scrolled up. */
export function StepLog({ runId, step, item, attempts }: Props): React.JSX.Element | null {
  const slipway = useSlipway();
  const [model, setModel] = React.useState<LogModel | null>(null);
  React.useEffect(() => {
    const opened = new LogModel(slipway, runId, step, item);
    setModel(opened);
    return () => opened.dispose();
  }, [slipway, runId, step, item, attempts]);
  return model && <LogText model={model} />;
}

function LogText({ model }: { model: LogModel }): React.JSX.Element {
  const { trans } = useSlipway();
  useSignal(model.changed);
  const box = React.useRef<HTMLPreElement>(null);
  const isFollowing = React.useRef(true);
  const text = withoutEscapes(model.text);
  React.useLayoutEffect(() => {
    if (box.current && isFollowing.current) {
      box.current.scrollTop = box.current.scrollHeight;
    }
  }, [text]);
  const onScroll = (): void => {
    const { scrollTop, scrollHeight, clientHeight } = box.current!;
    isFollowing.current = scrollHeight - scrollTop - clientHeight < 24;
  };
  return (
    <>
      <pre ref={box} className="jp-SlipwayLog" tabIndex={0} role="log" aria-label={trans.__('Log')} onScroll={onScroll}>
        {text || (model.isComplete ? trans.__('(printed nothing)') : trans.__('(nothing yet)'))}
      </pre>
      {model.isCut && <p className="jp-SlipwayNote" data-kind="warning" role="note">{trans.__('The step printed more than is kept; the rest was cut.')}</p>}
      <ErrorNote error={model.error} />
    </>
  );
}
