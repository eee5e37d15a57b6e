import { endpoints, type PipelineRun, type PipelineVersion } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { Button, ErrorNote } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import { ParamsForm, readParams } from './params-form';

/** Starts a run with the given parameters, those of a past run to begin with, and opens it. */
export function RunNow({ version, from, onDone }: { version: PipelineVersion; from?: PipelineRun; onDone: () => void }): React.JSX.Element {
  const { trans, client, commands } = useSlipway();
  const [texts, setTexts] = React.useState<Record<string, string>>(() => Object.fromEntries(Object.entries(from?.params ?? {}).map(([name, value]) => [name, String(value ?? '')])));
  const [useCache, setUseCache] = React.useState(true);
  const params = readParams(version.params, texts);
  const start = useAction(async () => {
    if (params) {
      const run = await client.call(endpoints.pipelines.start, { params: { name: version.pipeline }, body: { params, useCache, ...(from && { fromRun: from.runId }) } });
      onDone();
      await commands.execute(CommandIds.openRun, { runId: run.runId });
    }
  });
  return (
    <div className="jp-SlipwayRunNow">
      <ParamsForm params={version.params} texts={texts} onChange={setTexts} />
      <label className="jp-SlipwayCheck">
        <input type="checkbox" checked={useCache} onChange={event => setUseCache(event.target.checked)} />
        {trans.__('Reuse the results of steps that did not change')}
      </label>
      <div className="jp-SlipwayProof-actions">
        <Button kind="accept" disabled={params === null || start.isBusy} onClick={() => start.run()}>{trans.__('Start the run')}</Button>
        <Button onClick={onDone}>{trans.__('Close')}</Button>
      </div>
      <ErrorNote error={start.error} />
    </div>
  );
}
