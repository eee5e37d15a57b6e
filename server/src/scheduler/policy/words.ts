const round = (n: number): number => Math.round(n * 100) / 100;

export const count = (n: number, noun: string): string => `${round(n)} ${noun}${n === 1 ? '' : 's'}`;
export const amount = (n: number): string => String(round(n));

/** `4 GiB`, `512 MiB`. */
export function gib(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  return mebibytes >= 1024 ? `${round(mebibytes / 1024)} GiB` : `${mebibytes < 1 ? round(mebibytes) : Math.round(mebibytes)} MiB`;
}
