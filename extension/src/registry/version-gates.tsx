import { endpoints, type Me, type ModelVersion } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { Button, Empty, ErrorNote, StateMark } from '../core/parts';
import { formatTime } from '../core/format';
import { useAction, useSlipway } from '../core/ui';
import { Evidence } from './evidence';
import { evaluationsLoader, gatesLoader } from './loaders';
import { useLoader } from './use-loader';
import { occasionWord, verdictState, verdictWord } from './words';

/** How the gates came out for a version, the last time and those before. */
export function VersionGates({ version, me }: { version: ModelVersion; me: Me | null }): React.JSX.Element {
  const { trans, client, commands } = useSlipway();
  const { name, version: number } = version;
  const declared = useLoader(slipway => gatesLoader(slipway, name), [name]);
  const evaluations = useLoader(slipway => evaluationsLoader(slipway, name, number), [name, number]);
  const [shown, setShown] = React.useState<string | null>(null);
  const evaluate = useAction(async () => {
    await client.call(endpoints.gates.evaluate, { params: { name, version: number } });
    setShown(null);
    evaluations.refresh();
  });
  const openGates = (): void => void commands.execute(CommandIds.openGates, { name });
  const all = evaluations.value ?? [];
  const current = all.find(evaluation => evaluation.id === shown) ?? all[0];
  if (declared.value?.updatedAt === null && all.length === 0) {
    return (
      <Empty title={trans.__('This model has no gates')}>
        {trans.__('Any version may be its champion. Say what one must hold first: thresholds, not worse than the champion, tags, tests, size, latency.')}{' '}
        <Button kind="link" onClick={openGates}>{trans.__('Declare gates')}</Button>
      </Empty>
    );
  }
  return (
    <>
      <div className="jp-SlipwayProof-actions">
        <Button disabled={evaluate.isBusy || declared.value === null} onClick={() => evaluate.run()}>{trans.__('Evaluate now')}</Button>
        <Button kind="link" onClick={openGates}>{trans.__('The model’s gates')}</Button>
      </div>
      <ErrorNote error={evaluate.error ?? evaluations.error ?? declared.error} />
      {evaluations.value?.length === 0 && <Empty title={trans.__('The gates were never held against this version')}>{trans.__('They were declared after it was registered: press “Evaluate now”.')}</Empty>}
      {current && <Evidence evaluation={current} me={me?.person ?? null} />}
      {all.length > 1 && (
        <nav className="jp-SlipwayEvaluations" aria-label={trans.__('Evaluations')}>
          <h3>{trans.__('Each time')}</h3>
          <ul>
            {all.map(evaluation => (
              <li key={evaluation.id}>
                <StateMark state={verdictState(evaluation)} label={verdictWord(trans, evaluation)} />
                <button type="button" className="jp-SlipwayLink" aria-current={evaluation === current || undefined} onClick={() => setShown(evaluation.id)}>
                  {trans.__('%1, %2', formatTime(evaluation.evaluatedAt), occasionWord(trans, evaluation.trigger))}
                </button>
              </li>
            ))}
          </ul>
        </nav>
      )}
    </>
  );
}
