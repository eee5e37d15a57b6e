export type { Blob, Blobs } from './blobs';
export { checkedPath } from './paths';
export { createArtifacts, type ArtifactEntry, type ArtifactFile, type Artifacts } from './service';
