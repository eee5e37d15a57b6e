import type { ArtifactPreview, RunArtifact } from '@slipway/schema';
import { open } from 'node:fs/promises';
import { checkedPath, type ArtifactFile, type Artifacts } from '../../artifacts';
import { NotFound } from '../../core/errors';

const MOST_TEXT_BYTES = 256 * 1024;
const MOST_IMAGE_BYTES = 30 * 1024 * 1024;
const MOST_IMAGES = 200;
const IMAGES: Record<string, string> = { png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp', svg: 'image/svg+xml' };

/** Files of runs, as a page shows them. `root` is the run's folder among the artifacts. */
export function createArtifactFiles(artifacts: Artifacts) {
  async function find(root: string, path: string): Promise<ArtifactFile> {
    const file = await artifacts.files.get(`${root}/${checkedPath(path)}`);
    if (!file) {
      throw new NotFound('no_such_artifact', `The run has no file ${path}.`);
    }
    return file;
  }

  return {
    find,
    async list(root: string, path: string): Promise<RunArtifact[]> {
      const inner = path === '' ? '' : checkedPath(path.replace(/\/+$/, ''));
      const entries = await artifacts.files.entries(inner === '' ? root : `${root}/${inner}`);
      return entries.map(e => ({ ...e, path: inner === '' ? e.path : `${inner}/${e.path}` })).sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || (a.path < b.path ? -1 : 1));
    },
    /** Paths of images in any folder. */
    async images(root: string): Promise<string[]> {
      const files = await artifacts.files.list(root);
      return files.map(file => file.path.slice(root.length + 1)).filter(path => extensionOf(path) in IMAGES).slice(0, MOST_IMAGES);
    },
    async preview(root: string, path: string): Promise<ArtifactPreview> {
      const file = await find(root, path);
      const extension = extensionOf(path);
      const nothing = { path, sizeBytes: file.sizeBytes, text: null, isTruncated: false };
      if (extension in IMAGES && file.sizeBytes <= MOST_IMAGE_BYTES) {
        return { ...nothing, kind: 'image' };
      }
      if (extension === 'html' || extension === 'htm') {
        return { ...nothing, kind: 'html' };
      }
      if (extension === 'parquet' || extension === 'pq') {
        return { ...nothing, kind: 'parquet' };
      }
      const text = await textOf(artifacts.blobs.pathOf(file.digest), file.sizeBytes);
      return text === null ? { ...nothing, kind: 'binary' } : { ...nothing, kind: kindOfText(extension), text, isTruncated: file.sizeBytes > MOST_TEXT_BYTES };
    }
  };
}

/** What a browser may take the bytes for: images and pages, everything else is text or a download. */
export function mediaType(path: string): string {
  const extension = extensionOf(path);
  return IMAGES[extension] ?? (extension === 'html' || extension === 'htm' ? 'text/html; charset=utf-8' : 'application/octet-stream');
}

function extensionOf(path: string): string {
  return /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
}

function kindOfText(extension: string): 'csv' | 'json' | 'markdown' | 'text' {
  return extension === 'csv' || extension === 'tsv' ? 'csv' : extension === 'json' ? 'json' : extension === 'md' ? 'markdown' : 'text';
}

/** The beginning of a file of UTF-8; null where it is none. */
async function textOf(path: string, sizeBytes: number): Promise<string | null> {
  const handle = await open(path);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(Math.min(sizeBytes, MOST_TEXT_BYTES)), 0);
    const bytes = buffer.subarray(0, bytesRead);
    // A cut may fall inside a character: only then is an unfinished last one forgiven.
    return bytes.includes(0) ? null : new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: bytesRead < sizeBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      return null; // no UTF-8
    }
    throw error;
  } finally {
    await handle.close();
  }
}
