import * as React from 'react';
import { SlipwayError } from './slipway-error';
import { useSlipway } from './ui';

interface ButtonProps extends React.ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: 'accept' | 'warn' | 'plain' | 'link';
}

const CLASSES = {
  accept: 'jp-Button jp-mod-styled jp-mod-accept jp-SlipwayButton',
  warn: 'jp-Button jp-mod-styled jp-mod-warn jp-SlipwayButton',
  plain: 'jp-Button jp-mod-styled jp-mod-reject jp-SlipwayButton',
  link: 'jp-SlipwayLink'
};

/** A button in JupyterLab's dress; `link` reads as text one can press. */
export function Button({ kind = 'plain', className = '', ...rest }: ButtonProps): React.JSX.Element {
  return <button type="button" className={`${CLASSES[kind]} ${className}`} {...rest} />;
}

/** What to do first, where there is nothing to see yet. */
export function Empty({ title, children }: { title: string; children?: React.ReactNode }): React.JSX.Element {
  return (
    <div className="jp-SlipwayEmpty">
      <p className="jp-SlipwayEmpty-title">{title}</p>
      {children && <div className="jp-SlipwayEmpty-hint">{children}</div>}
    </div>
  );
}

/** What went wrong, where the user looks, with a way to try again. */
export function ErrorNote({ error, onRetry }: { error: Error | null; onRetry?: () => void }): React.JSX.Element | null {
  const { trans } = useSlipway();
  if (!error || (error instanceof SlipwayError && error.isAway)) {
    return null; // the notice about the daemon says it already
  }
  return (
    <div className="jp-SlipwayNote" data-kind="error" role="alert">
      <span>{error.message}</span>
      {onRetry && (
        <Button kind="link" onClick={onRetry}>
          {trans.__('Try again')}
        </Button>
      )}
    </div>
  );
}

/** A state as a coloured mark with its word beside it or as its name. */
export function StateMark({ state, label, showLabel = false }: { state: string; label: string; showLabel?: boolean }): React.JSX.Element {
  return (
    <span className="jp-SlipwayState" data-state={state} title={label}>
      <span className="jp-SlipwayState-dot" role="img" aria-label={label} />
      {showLabel && <span className="jp-SlipwayState-label">{label}</span>}
    </span>
  );
}

/** Names and what stands for each, in two columns. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: React.ReactNode])[] }): React.JSX.Element {
  return (
    <dl className="jp-SlipwayFacts">
      {facts.map(([name, value]) => (
        <React.Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </React.Fragment>
      ))}
    </dl>
  );
}

/** A heading with what can be done beside it. */
export function Heading({ title, level = 2, children }: { title: React.ReactNode; level?: 1 | 2 | 3; children?: React.ReactNode }): React.JSX.Element {
  const Tag = `h${level}` as const;
  return (
    <header className="jp-SlipwayHeading" data-level={level}>
      <Tag>{title}</Tag>
      {children && <div className="jp-SlipwayHeading-actions">{children}</div>}
    </header>
  );
}

/** `RandomForestClassifier.n_estimators`: where there is little room the owner is cut, never the param itself. */
export function ParamName({ name }: { name: string }): React.JSX.Element {
  const at = name.lastIndexOf('.') + 1;
  return (
    <span className="jp-SlipwayParamName">
      {at > 0 && <span className="jp-SlipwayParamName-owner">{name.slice(0, at - 1)}</span>}
      <span>{at > 0 ? `.${name.slice(at)}` : name}</span>
    </span>
  );
}
