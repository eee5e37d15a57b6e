const BATCH = 1_000;

/** Has `remove` take away at most so many rows at a time, until there are fewer: no statement holds others up for long. */
export async function inBatches(remove: (most: number) => Promise<number>): Promise<void> {
  while ((await remove(BATCH)) >= BATCH);
}
