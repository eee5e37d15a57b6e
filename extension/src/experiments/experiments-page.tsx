import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { DaemonNotice } from '../core/daemon-notice';
import { Button, Empty, ErrorNote, Heading } from '../core/parts';
import { useSignal, useSlipway } from '../core/ui';
import { UndoNote, type Undoable } from '../core/undo';
import { ColumnChooser } from './column-chooser';
import { ExperimentList } from './experiment-list';
import { MOST_COMPARED, type ExperimentsModel } from './experiments-model';
import { FilterBox, filterFault } from './filter-box';
import { PurgeButton } from './purge-button';
import { RetentionPopover } from './retention-panel';
import { RunTable } from './run-table';
import { SelectionBar } from './selection-bar';

/** Experiments on the left, their runs on the right. */
export function ExperimentsPage({ model }: { model: ExperimentsModel }): React.JSX.Element {
  const { trans } = useSlipway();
  useSignal(model.changed);
  const [done, setDone] = React.useState<Undoable | null>(null);
  return (
    <div className="jp-SlipwayExperiments">
      <Heading level={1} title={trans.__('Experiments')}>
        <CompareButton model={model} />
      </Heading>
      <DaemonNotice />
      <div className="jp-SlipwayExperiments-columns">
        <ExperimentList model={model} />
        <section aria-label={trans.__('Runs')}>
          <Toolbar model={model} />
          <UndoNote done={done} onGone={() => setDone(null)} />
          <SelectionBar model={model} onDone={setDone} />
          <Found model={model} />
        </section>
      </div>
    </div>
  );
}

function Toolbar({ model }: { model: ExperimentsModel }): React.JSX.Element {
  const { trans } = useSlipway();
  const { seeds } = model;
  const hint = seeds.length > 0 ? trans.__('Runs that differ in nothing but %1 are one line: mean ± standard deviation', seeds.join(', ')) : trans.__('Runs with the same params are one line: mean ± standard deviation');
  return (
    <div className="jp-SlipwayExperiments-tools">
      <FilterBox model={model} />
      <label className="jp-SlipwayCheck" title={hint}>
        <input type="checkbox" checked={model.isGrouped} onChange={event => model.set({ isGrouped: event.target.checked })} />
        {trans.__('Group repeats')}
      </label>
      <label className="jp-SlipwayCheck" title={trans.__('Also the runs that stand for whole kernel sessions')}>
        <input type="checkbox" checked={model.withSessions} onChange={event => model.set({ withSessions: event.target.checked })} />
        {trans.__('Sessions')}
      </label>
      <label className="jp-SlipwayCheck" title={trans.__('Runs that were deleted and not yet purged')}>
        <input type="checkbox" checked={model.isDeleted} onChange={event => model.set({ isDeleted: event.target.checked })} />
        {trans.__('Deleted')}
      </label>
      <ColumnChooser model={model} />
      {model.isDeleted ? <PurgeButton model={model} /> : <RetentionPopover model={model} />}
    </div>
  );
}

function CompareButton({ model }: { model: ExperimentsModel }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const ids = [...model.selection];
  const label = ids.length > MOST_COMPARED ? trans.__('Compare the first %1', MOST_COMPARED) : ids.length > 1 ? trans.__('Compare %1 runs', ids.length) : trans.__('Compare');
  return (
    <>
      {ids.length > 0 && (
        <Button kind="link" onClick={() => model.clearSelection()}>
          {trans.__('Choose none')}
        </Button>
      )}
      <Button kind="accept" disabled={ids.length < 2} title={ids.length < 2 ? trans.__('Choose two runs or more') : undefined} onClick={() => void commands.execute(CommandIds.compareRuns, { runIds: ids.slice(0, MOST_COMPARED) })}>
        {label}
      </Button>
    </>
  );
}

function Found({ model }: { model: ExperimentsModel }): React.JSX.Element {
  const { trans } = useSlipway();
  const { rows } = model;
  useSignal(rows.changed);
  const count = rows.total ?? 0;
  return (
    <>
      {filterFault(rows.error) === null && <ErrorNote error={rows.error} onRetry={() => rows.refresh()} />}
      {model.isTruncated && model.isGrouped && <p className="jp-SlipwayNote" data-kind="warning">{trans.__('Only the newest 20,000 runs are grouped: filter to see others.')}</p>}
      {rows.total === 0 ? <NothingFound model={model} /> : <RunTable model={model} />}
      <p className="jp-SlipwayExperiments-count" role="status">
        {rows.total === null ? trans.__('Loading…') : model.isGrouped ? trans._n('%1 group', '%1 groups', count) : trans._n('%1 run', '%1 runs', count)}
        {model.selection.size > 0 && `, ${trans.__('%1 chosen', model.selection.size)}`}
      </p>
    </>
  );
}

function NothingFound({ model }: { model: ExperimentsModel }): React.JSX.Element {
  const { trans } = useSlipway();
  if (model.filter !== '') {
    return (
      <Empty title={trans.__('No run matches the filter')}>
        <Button kind="link" onClick={() => model.set({ filter: '' })}>{trans.__('Show all runs')}</Button>
      </Empty>
    );
  }
  if (model.isDeleted) {
    return <Empty title={trans.__('No deleted run')}>{trans.__('Runs that you delete wait here until they are purged.')}</Empty>;
  }
  return (
    <Empty title={trans.__('No run yet')}>
      <p>{trans.__('Run the cells of a notebook: each time one shows a metric, a trial appears here with the params it depended on.')}</p>
      <p>{trans.__('Code that uses MLflow writes here too: in Slipway’s kernels as it is, elsewhere with MLFLOW_TRACKING_URI set to the daemon’s address.')}</p>
    </Empty>
  );
}
