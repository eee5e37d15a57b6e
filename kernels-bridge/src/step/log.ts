import type { Message } from '../wire/message';
import type { Mask } from './mask';

/** Text of a step's log as it comes, up to its limit; what follows is dropped and said so. */
export function createStepLog(limitBytes: number, onLog: ((text: string) => void) | undefined, mask: Mask) {
  let used = 0;
  const { write, end } = mask.stream(keep);
  function keep(text: string): void {
    if (used > limitBytes) {
      return;
    }
    used += Buffer.byteLength(text);
    onLog?.(used > limitBytes ? `\n[log cut here: it is larger than ${Math.round(limitBytes / 2 ** 20)} MB]\n` : text);
  }
  return {
    write,
    /** No more comes: what was held back, as it might have become a secret, is told. */
    end,
    hear({ header, content }: Message): void {
      if (header.msg_type === 'stream') {
        write(String(content.text));
      } else if (header.msg_type === 'error') {
        write(`${(content.traceback as string[]).join('\n')}\n`);
      } else if (header.msg_type === 'execute_result') {
        write(`${String((content.data as Record<string, unknown>)['text/plain'] ?? '')}\n`);
      }
    }
  };
}
