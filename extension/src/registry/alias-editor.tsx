import { endpoints, type ModelVersion } from '@slipway/schema';
import * as React from 'react';
import { Button, ErrorNote } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';

/** Points an alias at this version, or takes it away. */
export function AliasEditor({ version, onChanged }: { version: ModelVersion; onChanged: () => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [alias, setAlias] = React.useState('');
  const set = useAction(async (name: string, target: string | null) => {
    await client.call(endpoints.registry.setAlias, { params: { name: version.name, alias: name }, body: { version: target } });
    setAlias('');
    onChanged();
  });
  const point = (): void => {
    const name = alias.trim().replace(/^@/, '');
    if (name !== '') {
      set.run(name, version.version);
    }
  };
  return (
    <>
      {version.aliases.map(name => (
        <span key={name} className="jp-SlipwayTag" data-kind="alias">
          @{name}
          <button type="button" className="jp-SlipwayTag-remove" aria-label={trans.__('Take the alias %1 away', name)} onClick={() => set.run(name, null)}>
            ×
          </button>
        </span>
      ))}
      <input type="text" size={20} value={alias} placeholder={trans.__('alias, e.g. champion')} aria-label={trans.__('New alias of this version')} onChange={event => setAlias(event.target.value)} onKeyDown={event => event.key === 'Enter' && point()} />
      <Button disabled={set.isBusy || alias.trim() === ''} onClick={point}>{trans.__('Set alias')}</Button>
      <ErrorNote error={set.error} />
    </>
  );
}
