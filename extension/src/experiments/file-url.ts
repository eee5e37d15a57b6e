import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

/** The bytes behind Jupyter’s proxy, where images and frames load them with the page’s own cookies. */
export function fileUrl(runId: string, path: string, isDownload = false): string {
  const { baseUrl } = ServerConnection.makeSettings();
  const query = new URLSearchParams({ path, ...(isDownload && { download: '1' }) });
  return `${URLExt.join(baseUrl, 'slipway/api/v1/runs', runId, 'artifact-file')}?${query.toString()}`;
}
