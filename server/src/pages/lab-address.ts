import type { RequestHandler } from 'express';
import { isLocalSocket } from '../access';

export interface LabAddress {
  /** Middleware that looks at each request. */
  notice: RequestHandler;
  /** Without a slash at its end; null until a JupyterLab called. */
  url(): string | null;
}

/**
 * Remembers where JupyterLab is, for links into it: its proxy, alone on the
 * unix socket, passes on the Host that the user's browser asked for, and the
 * path (`/user/ada/slipway`) that it stands under.
 */
export function createLabAddress(): LabAddress {
  let url: string | null = null;
  const notice: RequestHandler = (req, _res, next) => {
    const [host, prefix, scheme] = [req.headers.host, req.headers['x-forwarded-prefix'], req.headers['x-forwarded-proto']];
    if (isLocalSocket(req) && typeof prefix === 'string' && host !== undefined) {
      url = addressOf(scheme === 'https' ? 'https' : 'http', host, prefix) ?? url;
    }
    next();
  };
  return { notice, url: () => url };
}

function addressOf(scheme: string, host: string, prefix: string): string | null {
  const address = `${scheme}://${host}${prefix.replace(/\/[^/]*\/?$/, '')}`;
  return /^[\w.[\]:-]+$/.test(host) && URL.canParse(address) ? address : null;
}
