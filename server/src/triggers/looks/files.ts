import { globFiles } from '../../core/glob';
import { changedSignal, type Look, type PolledOf } from './look';
import { judgeStamps, type WatchState } from './watched';

export async function lookAtFiles({ glob, settleMs }: PolledOf<'files'>, before: unknown): Promise<Look> {
  const seen = await globFiles(glob);
  const { state, changed } = judgeStamps(before as WatchState | null, seen, Date.now(), settleMs);
  return { state, signal: changedSignal('files', changed, seen) };
}
