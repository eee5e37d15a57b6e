import type { ModelVersion } from '@slipway/schema';
import * as React from 'react';
import { Button, ErrorNote } from '../core/parts';
import { useAction, useSignal, useSlipway } from '../core/ui';
import { columnNames, curlCommand, exampleRows, predictionLines, readField, requestBody, type Row } from './prediction';

/** Asks a version for predictions: a row a line from its signature, or JSON as over HTTP. */
export function PredictionForm({ version }: { version: ModelVersion }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [rows, setRows] = React.useState<Row[]>(() => exampleRows(version, 2));
  const [json, setJson] = React.useState<string | null>(version.signature ? null : '{"inputs": [[]]}');
  const [lines, setLines] = React.useState<string[] | null>(null);
  const body = json === null ? requestBody(version, rows) : readJson(json);
  const predict = useAction(async () => {
    setLines(null);
    setLines(predictionLines(await client.predict(version.name, version.version, body)));
  });
  const switchMode = (): void => setJson(json === null ? JSON.stringify(body ?? requestBody(version, exampleRows(version)), null, 2) : null);
  return (
    <div className="jp-SlipwayPrediction">
      {json === null ? (
        <RowTable version={version} rows={rows} lines={lines} onChange={setRows} />
      ) : (
        <textarea rows={10} spellCheck={false} value={json} aria-invalid={body === null} aria-label={trans.__('Request as JSON')} onChange={event => setJson(event.target.value)} />
      )}
      <div className="jp-SlipwayProof-actions">
        <Button kind="accept" disabled={body === null || predict.isBusy} onClick={() => predict.run()}>
          {predict.isBusy ? trans.__('Predicting …') : trans.__('Predict')}
        </Button>
        {json === null && <Button onClick={() => setRows([...rows, { ...(rows[rows.length - 1] ?? {}) }])}>{trans.__('Add a row')}</Button>}
        {version.signature && <Button kind="link" onClick={switchMode}>{json === null ? trans.__('As JSON') : trans.__('As a form')}</Button>}
        {body === null && <span className="jp-SlipwayField-error">{json === null ? trans.__('A marked field does not fit its type.') : trans.__('This is not JSON.')}</span>}
      </div>
      <ErrorNote error={predict.error} />
      {lines && (
        <div className="jp-SlipwayNote jp-SlipwayPrediction-result" data-kind="ok" role="status" aria-label={trans.__('Predictions')}>
          <strong>{trans._n('%1 prediction', '%1 predictions', lines.length)}</strong>
          <code>{lines.join(', ')}</code>
        </div>
      )}
      {body !== null && <Curl version={version} body={body} />}
    </div>
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

interface TableProps {
  version: ModelVersion;
  rows: Row[];
  lines: string[] | null;
  onChange: (rows: Row[]) => void;
}

/** Columns of the signature down the side, one column a row to predict: models have more features than screens have width. */
function RowTable({ version, rows, lines, onChange }: TableProps): React.JSX.Element {
  const { trans } = useSlipway();
  const inputs = version.signature?.inputs ?? [];
  const names = columnNames(version);
  const set = (row: number, name: string, text: string): void => onChange(rows.map((each, index) => (index === row ? { ...each, [name]: text } : each)));
  return (
    <div className="jp-SlipwayScroll jp-SlipwayPrediction-rows">
      <table aria-label={trans.__('Rows to predict')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('Column')}</th>
            {rows.map((_, row) => (
              <th key={row} scope="col">
                {trans.__('Row %1', row + 1)}
                {rows.length > 1 && <button type="button" className="jp-SlipwayTag-remove" aria-label={trans.__('Remove row %1', row + 1)} onClick={() => onChange(rows.filter((_each, index) => index !== row))}>×</button>}
                {lines?.length === rows.length && <strong className="jp-SlipwayPrediction-value">→ {lines[row]}</strong>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((name, index) => (
            <tr key={name}>
              <th scope="row">
                {name} <span className="jp-SlipwayFaint">{inputs[index]!.type}</span>
              </th>
              {rows.map((values, row) => (
                <td key={row}>
                  <input type="text" size={12} value={values[name] ?? ''} aria-label={trans.__('%1, row %2', name, row + 1)} aria-invalid={readField(values[name] ?? '', inputs[index]!) === undefined} onChange={event => set(row, name, event.target.value)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Curl({ version, body }: { version: ModelVersion; body: unknown }): React.JSX.Element {
  const { trans, daemon } = useSlipway();
  useSignal(daemon.changed);
  const command = curlCommand(daemon.status?.url ?? 'http://127.0.0.1:PORT', version, body);
  return (
    <details className="jp-SlipwayCurl">
      <summary>{trans.__('The same over HTTP')}</summary>
      <pre className="jp-SlipwayLog">{command}</pre>
      <Button kind="link" onClick={() => void navigator.clipboard.writeText(command)}>{trans.__('Copy')}</Button>{' '}
      <span className="jp-SlipwayFaint">{trans.__('SLIPWAY_TOKEN is the content of the file “token” in Slipway’s home.')}</span>
    </details>
  );
}
