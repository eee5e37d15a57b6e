import { endpoints } from '@slipway/schema';
import * as React from 'react';
import { useFetched } from '../core/use-fetched';
import { useSlipway } from '../core/ui';

interface Props {
  value: string;
  /** As it is typed. */
  onChange?: (project: string) => void;
  /** Once the field is left. */
  onCommit?: (project: string) => void;
}

/** Whose quota and share jobs count against; those with a quota, and those of earlier runs, are offered. */
export function ProjectField({ value, onChange, onCommit }: Props): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [text, setText] = React.useState(value);
  React.useEffect(() => setText(value), [value]);
  const known = useFetched(signal => client.call(endpoints.scheduler.cluster, { signal }), [client]).value?.projects ?? [];
  const id = React.useId();
  return (
    <label className="jp-SlipwayField">
      <span>{trans.__('Project')}</span>
      <input
        type="text"
        spellCheck={false}
        maxLength={80}
        list={id}
        placeholder="default"
        title={trans.__('Whose quota and share its jobs count against')}
        value={text}
        onChange={event => {
          setText(event.target.value);
          onChange?.(event.target.value);
        }}
        onBlur={() => void (text !== value && onCommit?.(text.trim()))}
      />
      <datalist id={id}>{known.map(({ project }) => <option key={project} value={project} />)}</datalist>
    </label>
  );
}
