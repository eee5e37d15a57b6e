import { endpoints, type CacheExplanation } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatTime } from '../core/format';
import { Button, ErrorNote } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';

/** Why a step's result was, or was not, taken from an earlier run: asked for when somebody wants to know. */
export function CachePanel({ runId, step, isCached }: { runId: string; step: string; isCached: boolean }): React.JSX.Element {
  const { trans, client, commands } = useSlipway();
  const [told, setTold] = React.useState<CacheExplanation | null>(null);
  const ask = useAction(async () => setTold(told ? null : await client.call(endpoints.pipelines.explainCache, { params: { runId, step } })));
  return (
    <div className="jp-SlipwayCache">
      <Button kind="link" aria-expanded={told !== null} disabled={ask.isBusy} onClick={() => ask.run()}>{isCached ? trans.__('Why was this reused?') : trans.__('Why was this not reused?')}</Button>
      {told && (
        <div role="status">
          {told.note && <p>{told.note}</p>}
          {told.comparedWith ? (
            <p>
              {told.isCached ? trans.__('It is the result of') : trans.__('Held against')}{' '}
              <Button kind="link" onClick={() => void commands.execute(CommandIds.openRun, { runId: told.comparedWith!.runId })}>{trans.__('the run of %1', formatTime(told.comparedWith.at))}</Button>
            </p>
          ) : (
            !told.isCached && <p>{trans.__('There is no earlier run of this step to hold it against.')}</p>
          )}
          <ul>
            {told.differences.map(difference => (
              <li key={`${difference.part} ${difference.name}`}>
                {difference.message}
                {difference.before !== null && difference.after !== null && difference.part !== 'param' && (
                  <span className="jp-SlipwayFaint">
                    {' '}
                    <code>{difference.before}</code> → <code>{difference.after}</code>
                  </span>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
      <ErrorNote error={ask.error} />
    </div>
  );
}
