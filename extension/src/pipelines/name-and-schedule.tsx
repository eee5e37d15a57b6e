import { PipelineName } from '@slipway/schema';
import * as React from 'react';
import { Heading } from '../core/parts';
import { useSlipway } from '../core/ui';
import type { ProductionizeModel } from './productionize-model';
import { ScheduleForm } from './schedule-form';

/** What the pipeline is called and when it runs. */
export function NameAndSchedule({ model }: { model: ProductionizeModel }): React.JSX.Element {
  const { trans } = useSlipway();
  const { schedule } = model;
  const choose = (isScheduled: boolean): void => model.set({ schedule: { ...schedule, isScheduled } });
  return (
    <section className="jp-SlipwayNameAndSchedule">
      <Heading title={trans.__('Name and schedule')} />
      <PipelineNameField model={model} />
      <fieldset className="jp-SlipwayRadios">
        <legend>{trans.__('Runs')}</legend>
        <label className="jp-SlipwayCheck">
          <input type="radio" name={`when-${model.notebookPath}`} checked={!schedule.isScheduled} onChange={() => choose(false)} />
          {trans.__('by hand')}
        </label>
        <label className="jp-SlipwayCheck">
          <input type="radio" name={`when-${model.notebookPath}`} checked={schedule.isScheduled} onChange={() => choose(true)} />
          {trans.__('on a schedule')}
        </label>
      </fieldset>
      {schedule.isScheduled && <ScheduleForm cron={schedule.cron} timeZone={schedule.timeZone} onChange={change => model.set({ schedule: { ...schedule, ...change } })} />}
    </section>
  );
}

/** The name under which the notebook is saved. */
export function PipelineNameField({ model }: { model: ProductionizeModel }): React.JSX.Element {
  const { trans } = useSlipway();
  const isWrong = model.name !== '' && !PipelineName.safeParse(model.name).success;
  return (
    <label className="jp-SlipwayField">
      <span>{trans.__('Pipeline name')}</span>
      <input type="text" value={model.name} maxLength={100} aria-invalid={isWrong} onChange={event => model.set({ name: event.target.value })} />
      {isWrong && <span className="jp-SlipwayField-error">{trans.__('Letters, digits, “.”, “_” and “-”, beginning with a letter or digit.')}</span>}
    </label>
  );
}
