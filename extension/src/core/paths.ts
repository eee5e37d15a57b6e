import { PageConfig, PathExt } from '@jupyterlab/coreutils';

/**
 * The folder JupyterLab serves, as the daemon names it: absolute where the
 * page tells, else with the `~` that Jupyter puts for the owner's home.
 */
export function serverRoot(option: (name: string) => string = PageConfig.getOption): string {
  const uri = option('rootUri');
  return uri.startsWith('file://') ? decodeURIComponent(uri.slice('file://'.length)) : option('serverRoot');
}

/** Where a document of JupyterLab lies on disk. */
export function absolutePath(localPath: string, root = serverRoot()): string {
  return `${root.replace(/\/+$/, '')}/${localPath}`;
}

/** The path JupyterLab knows a file by; null when it lies outside the folder it serves. */
export function localPath(absolute: string, root = serverRoot()): string | null {
  const folder = root.replace(/^~/, '').replace(/\/+$/, '');
  const at = root.startsWith('~') ? absolute.indexOf(`${folder}/`) : absolute.startsWith(`${folder}/`) ? 0 : -1;
  if (at < 0) {
    return null;
  }
  const rest = absolute.slice(at + folder.length + 1);
  return PathExt.normalize(rest);
}
