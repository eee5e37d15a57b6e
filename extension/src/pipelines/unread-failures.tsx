import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { useSlipway } from '../core/ui';
import { useLoader } from '../registry/use-loader';
import { pipelinesLoader } from './loaders';

/** How many runs failed since the user last looked at their pipelines, and the way to them; nothing where none did. */
export function UnreadFailures(): React.JSX.Element | null {
  const { trans, commands } = useSlipway();
  const count = (useLoader(pipelinesLoader, []).value ?? []).reduce((sum, pipeline) => sum + pipeline.unreadFailures, 0);
  const words = trans._n('%1 failed run is unread', '%1 failed runs are unread', count);
  return count === 0 ? null : (
    <button type="button" className="jp-SlipwayUnread" title={words} aria-label={words} onClick={() => void commands.execute(CommandIds.openPipelines)}>
      {count}
    </button>
  );
}
