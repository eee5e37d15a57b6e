export type { Blob, Blobs } from './blobs';
export { checkedPath, isStorable } from './paths';
export type { Cleared } from './collector';
export { createArtifacts, type ArtifactEntry, type ArtifactFile, type Artifacts } from './service';
