import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { useSlipway } from '../core/ui';
import type { VersionChange } from './version-changes';

/** What saving changes, a line each. @param titles what people call a cell, by its id */
export function ChangesList({ changes, titles }: { changes: readonly VersionChange[]; titles: ReadonlyMap<string, string> }): React.JSX.Element {
  const { trans } = useSlipway();
  if (changes.length === 0) {
    return <p className="jp-SlipwayFaint">{trans.__('Nothing is changed yet.')}</p>;
  }
  return (
    <ul className="jp-SlipwayChanges" aria-label={trans.__('Changes')}>
      {changes.map(change => (
        <li key={JSON.stringify(change)} data-kind={markOf(change)}>{wordsOf(trans, change, titles)}</li>
      ))}
    </ul>
  );
}

function markOf({ kind }: VersionChange): 'added' | 'removed' | 'changed' {
  return kind.endsWith('_added') ? 'added' : kind.endsWith('_removed') ? 'removed' : 'changed';
}

function wordsOf(trans: TranslationBundle, change: VersionChange, titles: ReadonlyMap<string, string>): string {
  switch (change.kind) {
    case 'step_added':
      return trans.__('Step %1 is new', change.name);
    case 'step_removed':
      return trans.__('Step %1 is gone', change.name);
    case 'step_renamed':
      return trans.__('Step %1 is called %2', change.before, change.name);
    case 'cell_moved':
      return trans.__('“%1” goes from %2 to %3', titles.get(change.cellId) ?? change.cellId, change.before, change.after);
    case 'person_added':
      return trans.__('A person decides: %1', change.name);
    case 'person_removed':
      return trans.__('Nobody decides any more: %1', change.name);
    case 'param_added':
      return trans.__('%1 is a parameter', change.name);
    case 'param_removed':
      return trans.__('%1 is no parameter any more', change.name);
    case 'option_changed': {
      const option = change.name === null ? change.option : trans.__('%1 of %2', change.option, change.name);
      return trans.__('%1: %2 → %3', option, change.before ?? trans.__('nothing'), change.after ?? trans.__('nothing'));
    }
  }
}
