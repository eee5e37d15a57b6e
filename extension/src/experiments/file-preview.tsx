import type { ArtifactPreview } from '@slipway/schema';
import * as React from 'react';
import { baseName } from '../core/format';
import { Empty } from '../core/parts';
import { RichText } from '../core/rich-text';
import { useSlipway } from '../core/ui';
import { parseTable } from './csv';
import { tableOf } from './json-table';
import { TooLargeToShow, readParquet } from './parquet';
import { useFetched } from '../core/use-fetched';

const MOST_ROWS = 200;

/** A file as what it is: a picture, a table, a page without scripts, text. */
export function FilePreview({ preview, url }: { preview: ArtifactPreview; url: string }): React.JSX.Element {
  const { trans } = useSlipway();
  const { kind, path, text } = preview;
  switch (kind) {
    case 'image':
      return <img className="jp-SlipwayFiles-image" src={url} alt={baseName(path)} />;
    case 'html':
      return (
        <>
          <p className="jp-SlipwayFaint">{trans.__('Shown without its scripts. Download it to see it whole.')}</p>
          <iframe className="jp-SlipwayFiles-page" sandbox="" src={url} title={baseName(path)} />
        </>
      );
    case 'csv':
      return <CsvPreview text={text ?? ''} />;
    case 'json':
      return <JsonPreview text={text ?? ''} isTruncated={preview.isTruncated} />;
    case 'markdown':
      return <RichText source={text ?? ''} />;
    case 'parquet':
      return <ParquetTable url={url} sizeBytes={preview.sizeBytes} />;
    case 'text':
      return <Text text={text ?? ''} isTruncated={preview.isTruncated} />;
    case 'binary':
      return <Empty title={trans.__('This file is no text')}>{trans.__('Download it to open it.')}</Empty>;
  }
}

function Text({ text, isTruncated }: { text: string; isTruncated: boolean }): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <>
      <pre className="jp-SlipwayFiles-text">{text}</pre>
      {isTruncated && <p className="jp-SlipwayFaint">{trans.__('Only the beginning is shown.')}</p>}
    </>
  );
}

function CsvPreview({ text }: { text: string }): React.JSX.Element {
  const [head = [], ...rows] = React.useMemo(() => parseTable(text, MOST_ROWS + 2), [text]);
  return <TablePreview columns={head.map(name => ({ name }))} rows={rows.slice(0, MOST_ROWS)} isCut={rows.length > MOST_ROWS} />;
}

function JsonPreview({ text, isTruncated }: { text: string; isTruncated: boolean }): React.JSX.Element {
  const table = React.useMemo(() => (isTruncated ? null : tableOf(parsed(text), MOST_ROWS + 1)), [text]);
  return table ? <TablePreview columns={table.columns.map(name => ({ name }))} rows={table.rows.slice(0, MOST_ROWS)} isCut={table.rows.length > MOST_ROWS} /> : <Text text={pretty(text)} isTruncated={isTruncated} />;
}

function ParquetTable({ url, sizeBytes }: { url: string; sizeBytes: number }): React.JSX.Element {
  const { trans } = useSlipway();
  const { value, error } = useFetched(() => readParquet(url, sizeBytes), [url]);
  if (error) {
    return <Empty title={error instanceof TooLargeToShow ? trans.__('This file is too large to show') : trans.__('This file cannot be read as Parquet')}>{`${error.message} ${trans.__('Download it to open it.')}`}</Empty>;
  }
  if (!value) {
    return <p role="status">{trans.__('Loading…')}</p>;
  }
  const shown = value.columns.length < value.columnCount ? trans.__('%1 of %2 columns', value.columns.length, value.columnCount) : trans._n('%1 column', '%1 columns', value.columnCount);
  return (
    <>
      <p className="jp-SlipwayFaint">{trans._n('%1 row', '%1 rows', value.rowCount)}, {shown}</p>
      <TablePreview columns={value.columns} rows={value.rows} isCut={value.rowCount > value.rows.length} />
    </>
  );
}

/** A name with its type beneath, where it has one. */
function TablePreview({ columns, rows, isCut }: { columns: { name: string; type?: string }[]; rows: string[][]; isCut: boolean }): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <>
      <div className="jp-SlipwayFiles-table">
        <table>
          <thead>
            <tr>
              {columns.map(({ name, type }, index) => (
                <th key={index} scope="col">
                  {name}
                  {type !== undefined && <div className="jp-SlipwayRuns-note">{type}</div>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {row.map((field, column) => (
                  <td key={column}>{field}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {isCut && <p className="jp-SlipwayFaint">{trans._n('Only the first row is shown.', 'Only the first %1 rows are shown.', rows.length)}</p>}
    </>
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A text cut short is no JSON any more, and stays as it is. */
function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
