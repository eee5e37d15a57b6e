import type { Draft } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatValue } from '../core/format';
import { Heading, ParamName } from '../core/parts';
import { useSlipway } from '../core/ui';
import type { ProductionizeModel } from './productionize-model';

/** Constants of the needed cells; the ticked ones can be set for each run. */
export function ConstantsList({ draft, model }: { draft: Draft; model: ProductionizeModel }): React.JSX.Element | null {
  const { trans, commands } = useSlipway();
  if (draft.constants.length === 0) {
    return null;
  }
  return (
    <section>
      <Heading title={trans.__('Parameters')} />
      <p className="jp-SlipwayFaint">{trans.__('What is ticked can be set for each run.')}</p>
      <ul className="jp-SlipwayConstantList">
        {draft.constants.map(constant => (
          <li key={`${constant.name} ${constant.cellId}`}>
            <label className="jp-SlipwayCheck">
              <input type="checkbox" checked={model.isParam(constant.name)} onChange={event => model.setParam(constant.name, event.target.checked)} />
              <ParamName name={constant.name} />
            </label>
            <button type="button" className="jp-SlipwayLink" title={trans.__('Show its cell')} onClick={() => void commands.execute(CommandIds.revealCell, { path: model.notebookPath, cellId: constant.cellId })}>
              {formatValue(constant.value)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
