/** Does the work of one key one after the other, and that of different keys side by side. */
export function createSerializer() {
  const tails = new Map<string, Promise<unknown>>();
  return function serialize<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = tails.get(key) ?? Promise.resolve();
    const result = before.then(work, work);
    const tail = result.catch(() => undefined).finally(() => {
      if (tails.get(key) === tail) {
        tails.delete(key);
      }
    });
    tails.set(key, tail);
    return result;
  };
}
