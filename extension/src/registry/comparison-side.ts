/** One of two things that are compared; a version of null is the newest. */
export type Side = { runId: string } | { model: string; version: string | null };

export interface NamedRun {
  id: string;
  name: string;
}

export function sideUri(side: Side): string {
  return 'runId' in side ? `run:${side.runId}` : `model:${side.model}@${side.version ?? 'latest'}`;
}

/** A side by its URI; null where it names none. */
export function readSide(uri: unknown): Side | null {
  const [, kind, rest] = /^(run|model):(.+)$/s.exec(typeof uri === 'string' ? uri : '') ?? [];
  if (kind === 'run') {
    return { runId: rest! };
  }
  const [, model, version] = /^(.+)@(\d+|latest)$/s.exec(rest ?? '') ?? [];
  return model === undefined ? null : { model, version: version === 'latest' ? null : version! };
}

/** Of a command's arguments, which may come from anywhere. */
export function readRuns(runs: unknown): NamedRun[] {
  return Array.isArray(runs) ? runs.filter((run): run is NamedRun => typeof run?.id === 'string' && typeof run?.name === 'string').map(({ id, name }) => ({ id, name })) : [];
}
