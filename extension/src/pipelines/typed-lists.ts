import type { SecretReference } from '@slipway/schema';

/** `H100, A100`: what is typed between commas. */
export function readList(text: string): string[] {
  return text.split(',').map(part => part.trim()).filter(part => part !== '');
}

/** `solver, mesher 2`: named counters, one each where no number is said; null where it cannot be read. */
export function readCounts(text: string): Record<string, number> | null {
  const counts: Record<string, number> = {};
  for (const part of readList(text)) {
    const [name, count = '1', ...rest] = part.split(/\s*[=:]\s*|\s+/);
    if (!name || rest.length > 0 || !/^[1-9]\d*$/.test(count)) {
      return null;
    }
    counts[name] = Number(count);
  }
  return counts;
}

export function writeCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts).map(([name, count]) => (count === 1 ? name : `${name} ${count}`)).join(', ');
}

/** `TOKEN = secret:api`, one a line, of a `secret`, an `environment` variable or a `file`; null where it cannot be read. */
export function readSecrets(text: string): Record<string, SecretReference> | null {
  const secrets: Record<string, SecretReference> = {};
  for (const line of text.split('\n').filter(each => each.trim() !== '')) {
    const [, name, kind, place] = /^\s*([A-Za-z_]\w*)\s*=\s*(secret|environment|file)\s*:\s*(\S.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || place === undefined) {
      return null;
    }
    secrets[name] = { [kind!]: place } as SecretReference;
  }
  return secrets;
}

export function writeSecrets(secrets: Readonly<Record<string, SecretReference>>): string {
  return Object.entries(secrets).flatMap(([name, reference]) => Object.entries(reference).map(([kind, place]) => `${name} = ${kind}:${place}`)).join('\n');
}
