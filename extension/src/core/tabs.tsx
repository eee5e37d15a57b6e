import * as React from 'react';

export interface Tab {
  id: string;
  label: string;
  count?: number;
  draw: () => React.ReactNode;
}

/** Tabs after the ARIA pattern: arrows move, Home and End jump, one is always open. */
export function Tabs({ tabs, label, firstId }: { tabs: Tab[]; label: string; firstId?: string | null }): React.JSX.Element {
  const [openId, setOpenId] = React.useState(firstId ?? tabs[0]?.id);
  const base = React.useId();
  const open = tabs.find(tab => tab.id === openId) ?? tabs[0];
  const onKeyDown = (event: React.KeyboardEvent<HTMLElement>): void => {
    const at = tabs.findIndex(tab => tab.id === open?.id);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    const tab = next === undefined ? undefined : tabs[(next + tabs.length) % tabs.length];
    if (tab) {
      event.preventDefault();
      setOpenId(tab.id);
      document.getElementById(`${base}-${tab.id}`)?.focus();
    }
  };
  return (
    <div className="jp-SlipwayTabs">
      <div className="jp-SlipwayTabs-list" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map(tab => (
          <button key={tab.id} id={`${base}-${tab.id}`} type="button" role="tab" aria-selected={tab === open} aria-controls={`${base}-panel`} tabIndex={tab === open ? 0 : -1} onClick={() => setOpenId(tab.id)}>
            {tab.label}
            {tab.count !== undefined && <span className="jp-SlipwayTabs-count">{tab.count}</span>}
          </button>
        ))}
      </div>
      <div className="jp-SlipwayTabs-panel" role="tabpanel" id={`${base}-panel`} aria-labelledby={`${base}-${open?.id}`}>
        {open?.draw()}
      </div>
    </div>
  );
}
