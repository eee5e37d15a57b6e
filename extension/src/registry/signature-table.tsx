import type { ModelVersion } from '@slipway/schema';
import * as React from 'react';
import { formatValue } from '../core/format';
import { Empty, Facts, Heading } from '../core/parts';
import { useSlipway } from '../core/ui';

type Column = NonNullable<ModelVersion['signature']>['inputs'][number];

/** What a version takes and gives, and the params it was made with. */
export function SignatureTable({ version }: { version: ModelVersion }): React.JSX.Element {
  const { trans } = useSlipway();
  const params = Object.entries(version.params);
  return (
    <>
      {version.signature ? (
        <div className="jp-SlipwaySignature">
          <Columns title={trans.__('Takes')} columns={version.signature.inputs} />
          <Columns title={trans.__('Gives')} columns={version.signature.outputs} />
        </div>
      ) : (
        <Empty title={trans.__('This version has no signature')}>{trans.__('It was registered without one; rows can still be sent as JSON under Predict.')}</Empty>
      )}
      {params.length > 0 && (
        <Heading level={3} title={trans.__('Made with')} />
      )}
      {params.length > 0 && (
        <Facts facts={params.map(([name, value]) => [name, formatValue(value)])} />
      )}
    </>
  );
}

function Columns({ title, columns }: { title: string; columns: Column[] }): React.JSX.Element {
  return (
    <table>
      <caption>{title}</caption>
      <tbody>
        {columns.map((column, index) => (
          <tr key={index}>
            <th scope="row">{column.name ?? index}</th>
            <td className="jp-SlipwayFaint">{column.type}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
