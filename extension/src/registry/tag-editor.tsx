import { endpoints, type ModelVersion } from '@slipway/schema';
import * as React from 'react';
import { Button, ErrorNote, Heading } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import type { Undoable } from '../core/undo';

/** Tags by which programs speak to each other. */
const INTERNAL = /^(mlflow|slipway)\./;

/** The tags of a version: each may be changed or taken away, and more be given. */
export function TagEditor({ version, onDone }: { version: ModelVersion; onDone: (done: Undoable) => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [key, setKey] = React.useState('');
  const [value, setValue] = React.useState('');
  const write = async (tags: Record<string, string | null>): Promise<void> => {
    await client.call(endpoints.registry.editVersion, { params: { name: version.name, version: version.version }, body: { tags } });
  };
  const put = useAction(async (name: string, text: string | null) => {
    const former = version.tags[name] ?? null;
    await write({ [name]: text });
    if (former !== null) {
      onDone({ words: text === null ? trans.__('The tag %1 is gone.', name) : trans.__('The tag %1 was changed.', name), undo: () => write({ [name]: former }) });
    }
    setKey('');
    setValue('');
  });
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    put.run(key.trim(), value);
  };
  const tags = Object.entries(version.tags).filter(([name]) => !INTERNAL.test(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  return (
    <section aria-label={trans.__('Tags')}>
      <Heading level={3} title={trans.__('Tags')} />
      <ul className="jp-SlipwayTags">
        {tags.map(([name, text]) => (
          <li key={name} className="jp-SlipwayTag">
            <button type="button" className="jp-SlipwayTags-edit" title={trans.__('Change the tag %1', name)} onClick={() => [setKey(name), setValue(text)]}>
              {name}
              {text !== '' && <strong> {text}</strong>}
            </button>
            <button type="button" className="jp-SlipwayTag-remove" aria-label={trans.__('Take the tag %1 away', name)} disabled={put.isBusy} onClick={() => put.run(name, null)}>×</button>
          </li>
        ))}
      </ul>
      <form className="jp-SlipwayAliases" onSubmit={submit}>
        <input type="text" size={16} maxLength={250} value={key} placeholder={trans.__('tag')} aria-label={trans.__('Tag')} onChange={event => setKey(event.target.value)} />
        <input type="text" size={16} maxLength={5_000} value={value} placeholder={trans.__('value')} aria-label={trans.__('Value of the tag')} onChange={event => setValue(event.target.value)} />
        <Button type="submit" disabled={put.isBusy || key.trim() === ''}>{key.trim() in version.tags ? trans.__('Change tag') : trans.__('Add tag')}</Button>
      </form>
      <ErrorNote error={put.error} />
    </section>
  );
}
