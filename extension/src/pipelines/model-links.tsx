import type { PipelineRun } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { Button } from '../core/parts';
import { useSlipway } from '../core/ui';

/** The model versions a run registered, each leading to its page. */
export function ModelLinks({ models }: { models: PipelineRun['models'] }): React.JSX.Element {
  const { commands } = useSlipway();
  return (
    <>
      {models.map(model => (
        <Button key={`${model.name} ${model.version}`} kind="link" onClick={() => void commands.execute(CommandIds.openModel, { name: model.name, version: model.version })}>
          {model.name} v{model.version}
        </Button>
      ))}
    </>
  );
}
