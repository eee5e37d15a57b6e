import type { ArtifactPreview } from '@slipway/schema';
import * as React from 'react';
import { baseName } from '../core/format';
import { Empty } from '../core/parts';
import { useSlipway } from '../core/ui';
import { parseTable } from './csv';

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
      return <TablePreview text={text ?? ''} />;
    case 'json':
      return <Text text={pretty(text ?? '')} isTruncated={preview.isTruncated} />;
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

function TablePreview({ text }: { text: string }): React.JSX.Element {
  const { trans } = useSlipway();
  const [head = [], ...rows] = React.useMemo(() => parseTable(text, MOST_ROWS + 2), [text]);
  return (
    <>
      <div className="jp-SlipwayFiles-table">
        <table>
          <thead>
            <tr>
              {head.map((name, index) => (
                <th key={index} scope="col">{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, MOST_ROWS).map((row, index) => (
              <tr key={index}>
                {row.map((field, column) => (
                  <td key={column}>{field}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > MOST_ROWS && <p className="jp-SlipwayFaint">{trans.__('Only the first %1 rows are shown.', MOST_ROWS)}</p>}
    </>
  );
}

/** A text cut short is no JSON any more, and stays as it is. */
function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
