import type { ModelVersion, RegisteredModel } from '@slipway/schema';
import * as React from 'react';
import { useSlipway } from '../core/ui';
import type { NamedRun, Side } from './comparison-side';
import { versionsLoader } from './loaders';
import { useLoader } from './use-loader';

interface Props {
  legend: string;
  side: Side | null;
  models: readonly RegisteredModel[];
  runs: readonly NamedRun[];
  onChange: (side: Side) => void;
}

/** A model and one of its versions, or a run. */
export function SidePicker({ legend, side, models, runs, onChange }: Props): React.JSX.Element {
  const { trans } = useSlipway();
  const value = side === null ? '' : 'runId' in side ? `run:${side.runId}` : `model:${side.model}`;
  const choose = (chosen: string): void => {
    const rest = chosen.slice(chosen.indexOf(':') + 1);
    onChange(chosen.startsWith('run:') ? { runId: rest } : { model: rest, version: null });
  };
  return (
    <fieldset className="jp-SlipwayComparison-side">
      <legend>{legend}</legend>
      <select aria-label={trans.__('%1: model or run', legend)} value={value} onChange={event => choose(event.target.value)}>
        <option value="" disabled>{trans.__('Choose …')}</option>
        {runs.length > 0 && (
          <optgroup label={trans.__('Runs')}>
            {runs.map(run => (
              <option key={run.id} value={`run:${run.id}`}>{run.name}</option>
            ))}
          </optgroup>
        )}
        <optgroup label={trans.__('Models')}>
          {models.map(model => (
            <option key={model.name} value={`model:${model.name}`}>{model.name}</option>
          ))}
        </optgroup>
      </select>
      {side !== null && 'model' in side && <VersionPicker key={side.model} legend={legend} model={side.model} version={side.version} onChange={version => onChange({ model: side.model, version })} />}
    </fieldset>
  );
}

function VersionPicker({ legend, model, version, onChange }: { legend: string; model: string; version: string | null; onChange: (version: string) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const versions = useLoader(slipway => versionsLoader(slipway, model), [model]).value ?? [];
  const label = (each: ModelVersion): string => [trans.__('version %1', each.version), ...each.aliases.map(alias => `@${alias}`)].join(' ');
  return (
    <select aria-label={trans.__('%1: version', legend)} value={version ?? versions[0]?.version ?? ''} onChange={event => onChange(event.target.value)}>
      {versions.map(each => (
        <option key={each.version} value={each.version}>{label(each)}</option>
      ))}
    </select>
  );
}
