import { open } from 'node:fs/promises';

/** What comes meanwhile is written together. */
const GATHER_MS = 200;

export interface GrowingFile {
  write(text: string): void;
  /** Resolves when all is in the file. */
  end(): Promise<void>;
}

/**
 * Appends to a file that the daemon reads as it grows. Each piece is synced:
 * over the network it would else stay on this node for half a minute. What
 * cannot be written is left out, and the step goes on.
 */
export async function openGrowing(path: string): Promise<GrowingFile> {
  const file = await open(path, 'a', 0o600);
  let held = '';
  let timer: NodeJS.Timeout | undefined;
  let written: Promise<void> = Promise.resolve();

  function flush(): void {
    const text = held;
    timer = undefined;
    held = '';
    written = written
      .then(() => file.appendFile(text))
      .then(() => file.datasync())
      .catch((error: unknown) => console.error(`${path} cannot be written:`, error));
  }

  return {
    write(text) {
      held += text;
      timer ??= setTimeout(flush, GATHER_MS);
    },
    async end() {
      clearTimeout(timer);
      flush();
      await written;
      await file.close();
    }
  };
}
