/** What somebody typed as lineage's URI: one itself, a digest, a file's path, a run's id; null where it is none of them. */
export function askedUri(text: string): string | null {
  const asked = text.trim();
  if (/^(run|cell|dataset|pipeline|model|logged-model):./s.test(asked)) {
    return asked;
  }
  if (/^(sha256:)?[0-9a-f]{64}$/i.test(asked)) {
    return `dataset:@sha256:${asked.replace(/^sha256:/i, '').toLowerCase()}`;
  }
  if (/^[0-9a-f]{32}$/i.test(asked)) {
    return `run:${asked.toLowerCase()}`;
  }
  if (/^m-[0-9a-f]{32}$/.test(asked)) {
    return `logged-model:${asked}`;
  }
  const [, name, version] = /^models:\/+([^/]+)\/(\d+)$/.exec(asked) ?? [];
  return version !== undefined ? `model:${name}@${version}` : asked.startsWith('/') && asked.length > 1 ? `dataset:${asked}` : null;
}
