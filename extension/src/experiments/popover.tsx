import * as React from 'react';

/** A button that opens a small panel beneath itself; Escape and a click elsewhere close it. */
export function Popover({ label, children }: { label: string; children: React.ReactNode }): React.JSX.Element {
  const [isOpen, setOpen] = React.useState(false);
  const host = React.useRef<HTMLDivElement>(null);
  const button = React.useRef<HTMLButtonElement>(null);
  const id = React.useId();
  React.useEffect(() => {
    if (!isOpen) {
      return undefined;
    }
    const onDown = (event: PointerEvent): void => {
      if (!host.current?.contains(event.target as Node)) {
        setOpen(false);
      }
    };
    // Of the document: a button that was pressed and is off now has lost the focus.
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        setOpen(false);
        button.current?.focus();
      }
    };
    document.addEventListener('pointerdown', onDown);
    document.addEventListener('keydown', onKeyDown, true);
    return () => {
      document.removeEventListener('pointerdown', onDown);
      document.removeEventListener('keydown', onKeyDown, true);
    };
  }, [isOpen]);
  return (
    <div className="jp-SlipwayPopover" ref={host}>
      <button ref={button} type="button" className="jp-Button jp-mod-styled jp-mod-reject jp-SlipwayButton" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
        {label}
      </button>
      {isOpen && (
        <div id={id} className="jp-SlipwayPopover-panel" role="group" aria-label={label}>
          {children}
        </div>
      )}
    </div>
  );
}
