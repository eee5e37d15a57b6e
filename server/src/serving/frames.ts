import type { Readable } from 'node:stream';

/** One message of a model's process: a line of JSON, and the bytes that follow it. */
export interface Frame {
  type: 'ready' | 'failed' | 'begun' | 'reply' | 'refusal';
  id?: number;
  code?: string;
  message?: string;
  sizeBytes?: number;
  body: Buffer;
}

/** Calls back once a whole message is there, however the bytes were cut on their way; `onGarbage` when it is no message. */
export function readFrames(stream: Readable, onFrame: (frame: Frame) => void, onGarbage: () => void): void {
  let chunks: Buffer[] = [];
  let held = 0;
  let awaited: { header: Omit<Frame, 'body'>; size: number } | null = null;

  const next = (): Frame | null => {
    const buffer = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    chunks = [buffer];
    if (!awaited) {
      const end = buffer.indexOf(10);
      if (end < 0) return null;
      const header = JSON.parse(buffer.toString('utf8', 0, end)) as Omit<Frame, 'body'>;
      awaited = { header, size: header.sizeBytes ?? 0 };
      keep(buffer.subarray(end + 1));
    }
    if (held < awaited.size) return null;
    const whole = Buffer.concat(chunks);
    const frame = { ...awaited.header, body: whole.subarray(0, awaited.size) };
    keep(whole.subarray(awaited.size));
    awaited = null;
    return frame;
  };
  const keep = (rest: Buffer): void => {
    chunks = rest.length > 0 ? [rest] : [];
    held = rest.length;
  };

  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    held += chunk.length;
    // A large body comes in many chunks: they are joined once, at the end.
    if (awaited && held < awaited.size) return;
    try {
      for (let frame = next(); frame; frame = held > 0 ? next() : null) {
        onFrame(frame);
      }
    } catch {
      stream.removeAllListeners('data');
      onGarbage();
    }
  });
}

/** The messages of a stream one after the other, kept until somebody asks for them. */
export function frameQueue(stream: Readable, onGarbage: () => void): { next(): Promise<Frame> } {
  const frames: Frame[] = [];
  let taker: ((frame: Frame) => void) | null = null;
  const onFrame = (frame: Frame): void => {
    const take = taker;
    taker = null;
    if (take) take(frame);
    else frames.push(frame);
  };
  readFrames(stream, onFrame, onGarbage);
  return {
    next: () => new Promise(resolve => (frames.length > 0 ? resolve(frames.shift()!) : (taker = resolve)))
  };
}
