/** What stands where a secret was. */
export const MASKED = '••••••';
/** Anything shorter would stand in half of all texts. */
export const SHORTEST_SECRET = 4;

export type Mask = ReturnType<typeof createMask>;

/**
 * Takes secrets out of a step's text: as they are, as base64 at each of its
 * three places, and as URLs and JSON write them. A text in pieces is masked
 * whole: what may be the beginning of a secret is held back until more comes.
 */
export function createMask(secrets: readonly string[]) {
  const needles = [...new Set(secrets.filter(s => s.length >= SHORTEST_SECRET).flatMap(formsOf))].sort((a, b) => b.length - a.length);
  const pattern = needles.length === 0 ? null : new RegExp(needles.map(n => n.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
  const text = (plain: string): string => (pattern === null ? plain : plain.replaceAll(pattern, MASKED));

  /** Every string in a JSON value, names too. */
  function deep<T>(value: T): T {
    return pattern === null ? value : (inside(value) as T);
  }

  function inside(value: unknown): unknown {
    if (typeof value === 'string') {
      return text(value);
    }
    if (Array.isArray(value)) {
      return value.map(inside);
    }
    return value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([k, v]) => [text(k), inside(v)])) : value;
  }

  /** How far the text may be passed on: the rest may be the beginning of a needle. Never in the middle of a whole one. */
  function readyUpTo(held: string, whole: RegExp): number {
    let end = held.length;
    for (let length = Math.min(held.length, needles[0]!.length - 1); length > 0 && end === held.length; length--) {
      const tail = held.slice(-length);
      end -= needles.some(n => n.length > length && n.startsWith(tail)) ? length : 0;
    }
    const cut = [...held.matchAll(whole)].find(m => m.index < end && m.index + m[0].length > end);
    return cut ? cut.index + cut[0].length : end;
  }

  return {
    /** There is nothing to take out. */
    isIdle: pattern === null,
    text,
    deep,
    /** Passes text on as it comes, masked. */
    stream(pass: (text: string) => void) {
      if (pattern === null) {
        return { write: pass, end: (): void => undefined };
      }
      let held = '';
      return {
        write(piece: string): void {
          held += piece;
          const end = readyUpTo(held, pattern);
          const ready = text(held.slice(0, end));
          held = held.slice(end);
          if (ready !== '') {
            pass(ready);
          }
        },
        end(): void {
          if (held !== '') {
            pass(text(held));
          }
          held = '';
        }
      };
    }
  };
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), bytes.toString('hex'), ...base64Forms(bytes)];
  // A secret of many lines is printed line by line as well.
  const lines = secret.split(/\r?\n/).map(l => l.trim()).filter(l => l.length >= 8);
  return [...forms, ...(lines.length > 1 ? lines : [])].filter(f => f.length >= SHORTEST_SECRET);
}

/** Base64 of a text that holds the bytes depends on where they begin; the outermost characters mix with their neighbours. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap(shift => {
    const first = shift === 0 ? 0 : shift + 1;
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64').replaceAll('=', '');
    const whole = text.slice(first, (shift + bytes.length) % 3 === 0 ? undefined : -1);
    return [whole, whole.replaceAll('+', '-').replaceAll('/', '_')].filter(form => form.length >= 6);
  });
}
