import { StringDecoder } from 'node:string_decoder';
import { readLive, type LiveLine } from '@slipway/kernels-bridge';
import type { JobObserver } from '../executor';
import { readFrom } from './parcels';

/** Reads on in a file that grows elsewhere. */
export interface Follower {
  read(): Promise<void>;
}

/** Gives the log from where it was left, in whole characters. */
export function followLog(path: string, observer: JobObserver): Follower {
  return followText(path, observer.loggedBytes, observer.onLog);
}

/**
 * Gives what the step measures and uses, in whole lines. Always from the start,
 * since what is judged by it (windows of rules) does not outlive a daemon, and
 * whoever keeps something of it keeps it once.
 */
export function followLive(path: string, observer: JobObserver): Follower {
  let rest = '';
  return followText(path, 0, text => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    tell(lines.flatMap(line => readLive(line) ?? []), observer);
  });
}

function tell(lines: readonly LiveLine[], { onMetrics, onUsage }: JobObserver): void {
  const points = lines.flatMap(line => ('points' in line ? line.points : []));
  if (points.length > 0) {
    onMetrics(points);
  }
  lines.forEach(line => 'usage' in line && onUsage(line.usage));
}

function followText(path: string, from: number, onText: (text: string) => void): Follower {
  const decoder = new StringDecoder('utf8');
  let offset = from;
  return {
    async read() {
      for await (const piece of readFrom(path, offset)) {
        offset += piece.length;
        const text = decoder.write(piece);
        if (text !== '') {
          onText(text);
        }
      }
    }
  };
}
