import type { PipelineVersion } from '@slipway/schema';
import * as React from 'react';
import { useSlipway } from '../core/ui';
import { Graph } from '../graph/graph';
import { stepEdges } from './draft-graph';
import { StepOptionsForm } from './step-options-form';

/** The steps of a pipeline; one that is chosen shows its options, to be changed. */
export function StepsPanel({ version, onChanged }: { version: PipelineVersion; onChanged: () => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const [chosen, setChosen] = React.useState<string | null>(null);
  const optionsOf = (name: string): string => (Object.keys(version.options?.steps[name] ?? {}).length > 0 ? trans.__('has options') : '');
  return (
    <>
      <p className="jp-SlipwayFaint">{trans.__('Choose a step to say what it asks for, how often it is tried, and when it runs.')}</p>
      <div className="jp-SlipwayPipeline-graph">
        <Graph
          label={trans.__('Steps of the pipeline')}
          direction="RIGHT"
          nodes={version.steps.map(({ name }) => ({ id: name, title: name, badge: optionsOf(name), lines: [] }))}
          edges={stepEdges(version.steps)}
          selected={new Set(chosen === null ? [] : [chosen])}
          onSelect={ids => setChosen([...ids].find(id => id !== chosen) ?? null)}
        />
      </div>
      {chosen !== null && <StepOptionsForm key={`${chosen} ${version.version}`} version={version} step={chosen} onChanged={onChanged} onClose={() => setChosen(null)} />}
    </>
  );
}
