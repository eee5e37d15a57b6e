import type { PipelineVersion } from '@slipway/schema';
import * as React from 'react';
import { useSlipway } from '../core/ui';
import { Graph, type GraphNode } from '../graph/graph';
import { optionWords, stepEdges, withPeople } from './pipeline-graph';
import { StepOptionsForm } from './step-options-form';

/** The steps of a pipeline; one that is chosen shows its options, to be changed. */
export function StepsPanel({ version, onChanged }: { version: PipelineVersion; onChanged: () => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const [chosen, setChosen] = React.useState<string | null>(null);
  const steps = withPeople(version.steps, version.options);
  const linesOf = (name: string): GraphNode['lines'] => optionWords(trans, version.options?.steps[name]).map(text => ({ text, kind: 'note' }));
  const isPerson = (name: string): boolean => version.options?.humanSteps.some(human => human.name === name) ?? false;
  const choose = (ids: ReadonlySet<string>): void => setChosen([...ids].find(id => id !== chosen && !isPerson(id)) ?? null);
  return (
    <>
      <p className="jp-SlipwayFaint">{trans.__('Choose a step to say what it asks for, how often it is tried, and when it runs.')}</p>
      <div className="jp-SlipwayPipeline-graph">
        <Graph
          label={trans.__('Steps of the pipeline')}
          direction="RIGHT"
          nodes={steps.map(({ name }) => ({ id: name, title: name, lines: isPerson(name) ? [{ text: trans.__('a person decides'), kind: 'note' }] : linesOf(name) }))}
          edges={stepEdges(steps)}
          selected={new Set(chosen === null ? [] : [chosen])}
          onSelect={choose}
        />
      </div>
      {chosen !== null && <StepOptionsForm key={`${chosen} ${version.version}`} version={version} step={chosen} onChanged={onChanged} onClose={() => setChosen(null)} />}
    </>
  );
}
