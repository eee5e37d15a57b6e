import * as React from 'react';

interface Props {
  label: string;
  value: string;
  hint?: string;
  isLong?: boolean;
  isWrong?: boolean;
  onCommit: (value: string) => void;
}

/** A field of an edit that can be undone: what is typed counts once the field is left. */
export function TextField({ label, value, hint, isLong = false, isWrong = false, onCommit }: Props): React.JSX.Element {
  const [text, setText] = React.useState(value);
  React.useEffect(() => setText(value), [value]);
  const shared = { value: text, placeholder: hint, spellCheck: isLong, 'aria-invalid': isWrong, onBlur: () => void (text !== value && onCommit(text)) };
  return (
    <label className="jp-SlipwayField">
      <span>{label}</span>
      {isLong ? <textarea rows={2} {...shared} onChange={event => setText(event.target.value)} /> : <input type="text" {...shared} onChange={event => setText(event.target.value)} />}
    </label>
  );
}
