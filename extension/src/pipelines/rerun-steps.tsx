import { endpoints, type PipelineRun, type PipelineVersion } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatTime } from '../core/format';
import { Button, ErrorNote, Heading } from '../core/parts';
import { stateWord } from '../core/states';
import { useFetched } from '../core/use-fetched';
import { useAction, useSlipway } from '../core/ui';
import { CheckList } from './check-list';
import { ParamsForm, readParams } from './params-form';
import { Choice } from './choice';

interface Props {
  run: PipelineRun;
  version: PipelineVersion;
  /** In the form or in the graph: they are the same. */
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
  onDone: () => void;
}

/** Runs chosen steps anew on what the other steps made, in this run or in another of the same version. */
export function RerunSteps({ run, version, chosen, onChoose, onDone }: Props): React.JSX.Element {
  const { trans, client, commands } = useSlipway();
  const [fromId, setFromId] = React.useState(run.runId);
  const [texts, setTexts] = React.useState<Record<string, string>>({});
  const { value: others, error } = useFetched(signal => client.call(endpoints.pipelines.listRuns, { params: { name: run.pipeline }, query: { limit: 100 }, signal }), [client, run.pipeline]);
  const runs = (others?.items ?? [run]).filter(each => each.version === run.version && each.endedAt !== null);
  const from = runs.find(each => each.runId === fromId) ?? run;
  const steps = run.steps.filter(step => step.kind !== 'human').map(step => step.name);
  // What the past run had is what it has again, unless it is changed here.
  const had = version.params.map(param => ({ ...param, value: from.params[param.name] ?? param.value }));
  const params = readParams(had, texts);
  const start = useAction(async () => {
    if (params) {
      const next = await client.call(endpoints.pipelines.rerun, { params: { runId: from.runId }, body: { steps: steps.filter(name => chosen.has(name)), params } });
      onDone();
      await commands.execute(CommandIds.openRun, { runId: next.runId });
    }
  });
  return (
    <form className="jp-SlipwayStarters-form jp-SlipwayRerun" aria-label={trans.__('Run chosen steps again')} onSubmit={event => (event.preventDefault(), start.run())}>
      <p>{trans.__('The chosen steps run anew; what they take from other steps is what those made in the run named here. The others do not run.')}</p>
      <CheckList label={trans.__('Steps to run, here or in the graph (Shift adds one)')} options={steps} chosen={[...chosen]} onChange={names => onChoose(new Set(names))} />
      <Choice label={trans.__('On the results of')} value={from.runId} onChange={setFromId} options={runs.map((each): [string, string] => [each.runId, each.runId === run.runId ? trans.__('this run') : trans.__('the run of %1 (%2)', formatTime(each.createdAt), stateWord(trans, each.status))])} />
      <Heading level={3} title={trans.__('Parameters')} />
      <ParamsForm params={had} texts={texts} onChange={setTexts} />
      <div className="jp-SlipwayProof-actions">
        <Button kind="accept" type="submit" disabled={params === null || start.isBusy || !steps.some(name => chosen.has(name))}>{trans.__('Run the chosen steps')}</Button>
        <Button onClick={onDone}>{trans.__('Close')}</Button>
      </div>
      <ErrorNote error={start.error ?? error} />
    </form>
  );
}
