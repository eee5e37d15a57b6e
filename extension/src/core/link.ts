import type { CommandIds } from './command-ids';

export interface Opens {
  command: keyof typeof CommandIds;
  args: Record<string, string>;
}

const PARAM = 'slipway-open';

/**
 * What a page's address asks to open, and the address's query without it.
 *
 * @param search `?slipway-open=run:…`: a run, an experiment, or a version of a model
 */
export function readLink(search: string): { opens: Opens | null; rest: string } {
  const query = new URLSearchParams(search);
  const uri = query.get(PARAM) ?? '';
  query.delete(PARAM);
  const rest = query.toString();
  return { opens: readUri(uri), rest: rest === '' ? '' : `?${rest}` };
}

function readUri(uri: string): Opens | null {
  const [, kind, id] = /^([a-z]+):(.+)$/s.exec(uri) ?? [];
  const [, name, version] = /^(.+)@(\d+)$/s.exec(id ?? '') ?? [];
  switch (kind) {
    case 'run':
      return /^[0-9a-f]{32}$/.test(id!) ? { command: 'openTrackedRun', args: { runId: id! } } : null;
    case 'experiment':
      return /^\d+$/.test(id!) ? { command: 'openExperiments', args: { experimentId: id! } } : null;
    case 'model':
      return name === undefined ? null : { command: 'openModel', args: { name, version: version! } };
    default:
      return null;
  }
}
