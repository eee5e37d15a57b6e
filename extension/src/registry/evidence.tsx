import type { GateEvaluation, RuleResult } from '@slipway/schema';
import * as React from 'react';
import { formatBytes, formatTime } from '../core/format';
import { StateMark } from '../core/parts';
import { personWord } from '../core/person-word';
import { useSlipway } from '../core/ui';
import { metricText } from './metric-text';
import { occasionWord, verdictState, verdictWord } from './words';

/** How the gates came out once: each rule with the value it was held against. */
export function Evidence({ evaluation, me }: { evaluation: GateEvaluation; me: string | null }): React.JSX.Element {
  const { trans } = useSlipway();
  const hasChampion = evaluation.results.some(result => result.champion);
  return (
    <div className="jp-SlipwayEvidence">
      <p className="jp-SlipwayEvidence-summary">
        <StateMark state={verdictState(evaluation)} label={verdictWord(trans, evaluation)} showLabel />
        <span className="jp-SlipwayFaint">{[formatTime(evaluation.evaluatedAt), occasionWord(trans, evaluation.trigger), trans.__('by %1', personWord(trans, evaluation.evaluatedBy, me))].join(' · ')}</span>
      </p>
      {evaluation.override && (
        <p className="jp-SlipwayNote" data-kind="warning" role="note">
          {trans.__('Let through all the same by %1: %2', personWord(trans, evaluation.override.by, me), evaluation.override.comment)}
        </p>
      )}
      {evaluation.results.length === 0 ? (
        <p className="jp-SlipwayFaint">{trans.__('The gates had no rule: nothing could fail.')}</p>
      ) : (
        <div className="jp-SlipwayScroll">
          <table aria-label={trans.__('Rules')}>
            <thead>
              <tr>
                <th scope="col">{trans.__('Result')}</th>
                <th scope="col">{trans.__('Rule')}</th>
                <th scope="col" data-kind="number">{trans.__('Version %1', evaluation.version)}</th>
                {hasChampion && <th scope="col" data-kind="number">{trans.__('Champion')}</th>}
              </tr>
            </thead>
            <tbody>
              {evaluation.results.map(result => (
                <RuleRow key={result.id} result={result} hasChampion={hasChampion} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

function RuleRow({ result, hasChampion }: { result: RuleResult; hasChampion: boolean }): React.JSX.Element {
  const { trans } = useSlipway();
  const [state, word] = result.isPending ? ['running', trans.__('Being measured')] : result.passed ? ['ok', trans.__('Passed')] : ['failed', trans.__('Failed')];
  const value = result.id === 'size' && typeof result.value === 'number' ? formatBytes(result.value) : metricText(result.value);
  return (
    <tr data-passed={result.passed}>
      <td>
        <StateMark state={state} label={word} showLabel />
      </td>
      <td className="jp-SlipwayEvidence-rule">
        {result.rule}
        {result.note !== null && <div className="jp-SlipwayFaint">{result.note}</div>}
        {result.latency && <Latency latency={result.latency} />}
      </td>
      <td data-kind="number">{value}</td>
      {hasChampion && <td data-kind="number">{result.champion && `${metricText(result.champion.value)} (v${result.champion.version})`}</td>}
    </tr>
  );
}

function Latency({ latency }: { latency: NonNullable<RuleResult['latency']> }): React.JSX.Element {
  const { trans } = useSlipway();
  const input = latency.input === 'example' ? trans.__('its example') : trans.__('rows made from its signature');
  const [p50, p95, most] = [latency.p50Ms, latency.p95Ms, latency.maxMs].map(ms => `${Number(ms.toPrecision(3))} ms`);
  return (
    <div className="jp-SlipwayFaint">
      {trans.__('%1 requests with %2: median %3, 95 of 100 within %4, slowest %5.', latency.requests, input, p50, p95, most)}{' '}
      {trans.__('Measured %1 on %2, %3 cores.', formatTime(latency.measuredAt), latency.machine.cpu, latency.machine.cores)}
    </div>
  );
}
