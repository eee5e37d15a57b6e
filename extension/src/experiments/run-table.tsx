import { useVirtualizer } from '@tanstack/react-virtual';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { useSignal, useSlipway } from '../core/ui';
import { runIdsOf, type ExperimentsModel, type TableRow } from './experiments-model';
import { HEAD_HEIGHT, ROW_HEIGHT, columnWidths } from './table-layout';
import { TableHead } from './table-head';
import { RowCells } from './table-row';

/** Any number of runs: only the rows that are seen exist. Arrows move, Enter opens, Space chooses. */
export function RunTable({ model }: { model: ExperimentsModel }): React.JSX.Element {
  const { trans } = useSlipway();
  useSignal(model.rows.changed);
  const host = React.useRef<HTMLDivElement>(null);
  const total = model.rows.total ?? 0;
  const rows = useVirtualizer({ count: total, getScrollElement: () => host.current, estimateSize: () => ROW_HEIGHT, overscan: 12, scrollMargin: HEAD_HEIGHT, scrollPaddingStart: HEAD_HEIGHT });
  const seen = rows.getVirtualItems();
  const [first, last] = [seen[0]?.index ?? 0, seen[seen.length - 1]?.index ?? 0];
  React.useEffect(() => model.rows.show(first, last), [model, first, last]);
  React.useEffect(() => void (host.current && (host.current.scrollTop = 0)), [model.experimentId, model.filter, model.order, model.isGrouped]);
  const { active, onKeyDown, onFocus } = useRovingRow(model, total, host, index => rows.scrollToIndex(index), Math.max(1, Math.floor((host.current?.clientHeight ?? 300) / ROW_HEIGHT) - 2));
  const widths = columnWidths(model.columns, model.isGrouped);
  const template = widths.map(width => `${width}px`).join(' ');
  const width = widths.reduce((sum, each) => sum + each, 0);
  return (
    <div ref={host} className="jp-SlipwayRuns" role="grid" aria-label={trans.__('Runs')} aria-rowcount={total + 1} aria-multiselectable="true" onKeyDown={onKeyDown}>
      <div style={{ width, minWidth: '100%' }} role="rowgroup">
        <TableHead model={model} template={template} />
        <div className="jp-SlipwayRuns-body" style={{ height: total * ROW_HEIGHT }}>
          {seen.map(({ index, start }) => (
            <Row key={index} model={model} index={index} row={model.rows.at(index)} top={start - HEAD_HEIGHT} template={template} isActive={index === active} onFocus={() => onFocus(index)} />
          ))}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  model: ExperimentsModel;
  index: number;
  row: TableRow | undefined;
  top: number;
  template: string;
  isActive: boolean;
  onFocus: () => void;
}

function Row({ model, index, row, top, template, isActive, onFocus }: RowProps): React.JSX.Element {
  const { trans } = useSlipway();
  const open = useOpen(model);
  const ids = row ? runIdsOf(row) : [];
  const isChosen = ids.length > 0 && ids.every(id => model.selection.has(id));
  const name = row?.kind === 'run' ? row.run.name : (row?.group.name ?? '');
  return (
    <div role="row" aria-rowindex={index + 2} aria-selected={isChosen} aria-busy={row === undefined || undefined} tabIndex={isActive ? 0 : -1} data-index={index} className="jp-SlipwayRuns-row" style={{ gridTemplateColumns: template, transform: `translateY(${top}px)` }} onClick={() => row && open(row)} onFocus={onFocus}>
      <div role="gridcell" onClick={event => event.stopPropagation()}>
        {row && <input type="checkbox" tabIndex={-1} checked={isChosen} aria-label={trans.__('Choose %1', name)} onChange={event => model.select(ids, event.target.checked)} />}
      </div>
      {row && <RowCells row={row} columns={model.columns} origin={model.experimentId === null ? model.nameOf((row.kind === 'run' ? row.run : row.group).experimentId) : null} />}
    </div>
  );
}

/** A run opens its page; a group of several its runs. */
function useOpen(model: ExperimentsModel): (row: TableRow) => void {
  const { commands } = useSlipway();
  return row => {
    const [runId] = runIdsOf(row);
    if (row.kind === 'group' && row.group.runCount > 1) {
      model.expand(row.group);
    } else {
      void commands.execute(CommandIds.openTrackedRun, { runId: runId!, name: row.kind === 'run' ? row.run.name : row.group.name });
    }
  };
}

/** One row can be reached by Tab; the keys move which. */
function useRovingRow(model: ExperimentsModel, total: number, host: React.RefObject<HTMLElement>, scrollTo: (index: number) => void, page: number) {
  const open = useOpen(model);
  const [index, setIndex] = React.useState(0);
  const active = Math.min(index, Math.max(0, total - 1));
  const isMoving = React.useRef(false);
  React.useEffect(() => {
    if (isMoving.current) {
      const row = host.current?.querySelector<HTMLElement>(`[data-index="${active}"]`);
      row?.focus({ preventScroll: true });
      isMoving.current = row == null;
    }
  });
  const onKeyDown = (event: React.KeyboardEvent<HTMLElement>): void => {
    if (!(event.target as HTMLElement).matches('[role="row"]')) {
      return;
    }
    const next = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: total - 1 }[event.key];
    const row = model.rows.at(active);
    if (next !== undefined) {
      const to = Math.max(0, Math.min(total - 1, next));
      isMoving.current = true;
      setIndex(to);
      scrollTo(to);
    } else if (event.key === 'Enter' && row) {
      open(row);
    } else if (event.key === ' ' && row) {
      const ids = runIdsOf(row);
      model.select(ids, !ids.every(id => model.selection.has(id)));
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return { active, onKeyDown, onFocus: setIndex };
}
