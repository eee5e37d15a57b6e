import type { RunIf } from '@slipway/schema';
import * as React from 'react';
import { useSlipway } from '../core/ui';
import { Choice } from './choice';
import { EngineChoice } from './engine-choice';
import { FaultNote, OptionField, useFaults } from './option-field';
import { RULES, type StepFields } from './step-fields';
import { MoreStepFields } from './step-more-fields';

interface Props {
  fields: StepFields;
  onChange: (change: Partial<StepFields>) => void;
}

/** What a step is given: processors, memory, GPUs, time. */
export function ResourceFields({ fields, onChange }: Props): React.JSX.Element {
  const { trans } = useSlipway();
  const whole = useFaults('resources').filter(fault => fault.path === 'resources');
  return (
    <>
      <OptionField path="resources.cpus" label={trans.__('CPUs')} value={fields.cpus} hint="1" onChange={cpus => onChange({ cpus })} isNumber />
      <OptionField path="resources.memoryBytes" label={trans.__('Memory (GiB)')} value={fields.memoryGib} hint="4" onChange={memoryGib => onChange({ memoryGib })} isNumber />
      <OptionField path="resources.gpus" label={trans.__('GPUs')} value={fields.gpus} hint="0" onChange={gpus => onChange({ gpus })} isNumber />
      <OptionField path="resources.ranks" label={trans.__('Processes at once')} value={fields.ranks} hint="1" onChange={ranks => onChange({ ranks })} isNumber />
      <OptionField path="timeoutMs" label={trans.__('Time limit (minutes)')} value={fields.timeoutMinutes} hint="60" onChange={timeoutMinutes => onChange({ timeoutMinutes })} isNumber />
      <FaultNote faults={whole} />
    </>
  );
}

/** All that a form says of a step: what it is given, how often it is tried, when it runs. */
export function StepOptionsFields({ fields, onChange }: Props): React.JSX.Element {
  const { trans } = useSlipway();
  const waits: [RunIf, string][] = [
    ['all_succeeded', trans.__('all steps before it succeeded')],
    ['any_succeeded', trans.__('any step before it succeeded')],
    ['none_failed', trans.__('no step before it failed')],
    ['any_failed', trans.__('any step before it failed')],
    ['all_failed', trans.__('all steps before it failed')],
    ['all_done', trans.__('all steps before it are over')]
  ];
  const watches: [StepFields['watch'], string][] = [
    ['none', trans.__('nothing is watched')],
    ['alert', trans.__('say when its metrics, memory or GPUs go wrong')],
    ['stop', trans.__('say so, and stop it where it diverges')],
    ['own', trans.__('rules of its own')]
  ];
  const watch = (how: StepFields['watch']): void => onChange({ watch: how, ...(how === 'own' && fields.rules.length === 0 && { rules: [...(fields.watch === 'stop' ? RULES.stop : RULES.alert)] }) });
  return (
    <>
      <EngineChoice value={fields.engine} onChange={engine => onChange({ engine })} />
      <div className="jp-SlipwaySchedule-fields">
        <ResourceFields fields={fields} onChange={onChange} />
        <OptionField path="retry.maxRetries" label={trans.__('Retries after an error')} value={fields.maxRetries} hint="0" onChange={maxRetries => onChange({ maxRetries })} isNumber />
        <OptionField path="pool" label={trans.__('Pool')} value={fields.pool} hint="" onChange={pool => onChange({ pool })} />
      </div>
      <div className="jp-SlipwaySchedule-fields">
        <Choice label={trans.__('Starts once')} value={fields.runIf} onChange={runIf => onChange({ runIf: runIf as RunIf })} options={waits} />
        <OptionField path="when" label={trans.__('Only when')} value={fields.when} hint={'metrics.accuracy >= 0.9'} onChange={when => onChange({ when })} />
      </div>
      <div className="jp-SlipwaySchedule-fields">
        <OptionField path="branch" label={trans.__('One of the branch')} value={fields.branch} hint={trans.__('the first whose condition holds')} onChange={branch => onChange({ branch })} />
        <OptionField path="map.over" label={trans.__('Once for each item of')} value={fields.mapOver} hint="files" onChange={mapOver => onChange({ mapOver })} />
        <OptionField path="map.as" label={trans.__('The item is called')} value={fields.mapAs} hint="file" onChange={mapAs => onChange({ mapAs })} />
        <OptionField path="map.maxParallel" label={trans.__('Items at once')} value={fields.mapParallel} hint="16" onChange={mapParallel => onChange({ mapParallel })} isNumber />
      </div>
      <div className="jp-SlipwaySchedule-fields">
        <Choice label={trans.__('While it trains')} value={fields.watch} onChange={watch} options={watches} />
      </div>
      {fields.mapOver.trim() !== '' && (
        <label className="jp-SlipwayCheck">
          <input type="checkbox" checked={fields.mapMayFail} onChange={event => onChange({ mapMayFail: event.target.checked })} />
          {trans.__('Go on when items fail')}
        </label>
      )}
      <label className="jp-SlipwayCheck">
        <input type="checkbox" checked={fields.isExitHandler} onChange={event => onChange({ isExitHandler: event.target.checked })} />
        {trans.__('Runs at the end, whatever became of the others')}
      </label>
      <label className="jp-SlipwayCheck">
        <input type="checkbox" checked={fields.isPreemptible} onChange={event => onChange({ isPreemptible: event.target.checked })} />
        {trans.__('May be stopped to make room for others, and goes on later from its checkpoint')}
      </label>
      <label className="jp-SlipwayCheck">
        <input type="checkbox" checked={fields.isReused} onChange={event => onChange({ isReused: event.target.checked })} />
        {trans.__('Reuse its result while nothing it depends on has changed')}
      </label>
      <MoreStepFields fields={fields} onChange={onChange} />
    </>
  );
}
