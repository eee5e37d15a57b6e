import { PipelineName, type Proof } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatDuration } from '../core/format';
import { Button, ErrorNote, Heading, StateMark } from '../core/parts';
import { useClock, useSlipway } from '../core/ui';
import { readCron } from './cron';
import { Differences } from './differences';
import type { ProductionizeModel } from './productionize-model';

/** The check before saving: how it goes, then the green light or what differs. */
export function ProofPanel({ model }: { model: ProductionizeModel }): React.JSX.Element {
  const { trans } = useSlipway();
  const { proof, error, isRunning, saved } = model.proof;
  const { schedule } = model;
  const isScheduleWrong = schedule.isScheduled && readCron(schedule.cron, schedule.timeZone).error !== null;
  const isReady = PipelineName.safeParse(model.name).success && !isScheduleWrong;
  return (
    <section className="jp-SlipwayProof" aria-live="polite">
      <Heading title={trans.__('Check and save')} />
      <p className="jp-SlipwayFaint">{trans.__('The pipeline runs once in fresh kernels; its metrics, tables and models are compared with the notebook’s own. It is saved when they are the same.')}</p>
      <div className="jp-SlipwayProof-actions">
        <Button kind="accept" disabled={!isReady || isRunning} onClick={() => void model.check()}>
          {proof && !isRunning ? trans.__('Check again') : trans.__('Check and save')}
        </Button>
        {proof?.status === 'running' && <Button onClick={() => void model.proof.cancel()}>{trans.__('Cancel')}</Button>}
        {!isReady && <span className="jp-SlipwayFaint">{model.name === '' ? trans.__('Give it a name first.') : trans.__('Mend the name or the schedule first.')}</span>}
      </div>
      <ErrorNote error={error} />
      {proof && proof.status === 'running' && <Progress proof={proof} />}
      {proof && proof.status === 'same' && <Same proof={proof} />}
      {proof && (proof.status === 'different' || proof.status === 'failed') && <Differences model={model} proof={proof} />}
      {proof && proof.status === 'cancelled' && <p role="note">{trans.__('The check was cancelled; nothing was saved.')}</p>}
      {saved && <Saved model={model} />}
    </section>
  );
}

const PHASES = ['reference', 'pipeline', 'comparing', 'repeating reference'] as const;

function Progress({ proof }: { proof: Proof }): React.JSX.Element {
  const { trans } = useSlipway();
  const now = useClock(true);
  const words: Record<(typeof PHASES)[number], string> = {
    reference: trans.__('Getting the notebook’s own results'),
    pipeline: trans.__('Running the pipeline'),
    comparing: trans.__('Comparing'),
    'repeating reference': trans.__('Running the notebook again, to tell chance from fault')
  };
  const at = PHASES.findIndex(phase => phase === proof.phase);
  const shown = PHASES.filter(phase => phase !== 'repeating reference' || proof.phase === phase);
  return (
    <>
      <ol className="jp-SlipwayPhases">
        {shown.map((phase, index) => (
          <li key={phase} aria-current={phase === proof.phase ? 'step' : undefined}>
            <StateMark state={index < at || proof.phase === 'done' ? 'succeeded' : index === at ? 'running' : 'waiting'} label={words[phase]} showLabel />
          </li>
        ))}
      </ol>
      <p className="jp-SlipwayFaint">{formatDuration(Math.max(0, now - Date.parse(proof.startedAt)))}</p>
    </>
  );
}

function Same({ proof }: { proof: Proof }): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <div className="jp-SlipwayNote jp-SlipwaySame" data-kind="ok" role="status">
      <StateMark state="same" label={trans.__('Same result')} showLabel />
      <span>{trans._n('%1 result of the pipeline equals the notebook’s:', '%1 results of the pipeline equal the notebook’s:', proof.agreed.length)}</span>
      <ul>
        {proof.agreed.map((agreed, index) => (
          <li key={index}>
            <span className="jp-SlipwayTag">{agreed.kind}</span> <code>{agreed.name}</code> <span className="jp-SlipwayFaint">{agreed.value}</span>
          </li>
        ))}
      </ul>
      {proof.notes.map(note => (
        <span key={note} className="jp-SlipwayFaint">{note}</span>
      ))}
    </div>
  );
}

function Saved({ model }: { model: ProductionizeModel }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const saved = model.proof.saved!;
  return (
    <div className="jp-SlipwayNote jp-SlipwaySaved" data-kind="ok" role="status">
      <strong>
        {saved.isUnchanged
          ? trans.__('%1 is unchanged: this is its version %2.', saved.pipeline, saved.version)
          : trans.__('Saved as %1, version %2.', saved.pipeline, saved.version)}
      </strong>
      <Button kind="link" onClick={() => void commands.execute(CommandIds.openPipeline, { name: saved.pipeline })}>
        {trans.__('Open the pipeline')}
      </Button>
    </div>
  );
}
