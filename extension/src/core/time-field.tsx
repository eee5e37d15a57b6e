import * as React from 'react';

/** A field for a date and time of the reader’s own zone. `value` is an instant; what is typed comes as the field's text, '' for none. */
export function TimeField({ label, value, onChange }: { label: string; value: string | undefined; onChange: (text: string) => void }): React.JSX.Element {
  return (
    <label className="jp-SlipwayField">
      <span>{label}</span>
      <input type="datetime-local" value={value === undefined ? '' : localText(value)} onChange={event => onChange(event.target.value)} />
    </label>
  );
}

/** An instant as the browser's field of a date and time takes it. */
function localText(instant: string): string {
  const date = new Date(instant);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
