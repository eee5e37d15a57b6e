import type { IncomingMessage } from 'node:http';
import { Forbidden } from '../core/errors';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]', '::1']);
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** True for requests on the daemon's unix socket, where only the proxy stands. */
export function isLocalSocket(req: IncomingMessage): boolean {
  return req.socket.remoteAddress === undefined;
}

/**
 * Keeps foreign pages out, whatever the mode of authentication: a browser on
 * this machine must not be made to call the daemon by a page of somebody else
 * (DNS rebinding, cross-site requests).
 *
 * The check throws {Forbidden} on a foreign Host or Origin, or a cross-site write.
 */
export function browserGuard(allowedHosts: readonly string[]): (req: IncomingMessage) => void {
  const allowed = new Set([...LOOPBACK, ...allowedHosts.map(h => h.toLowerCase())]);
  return req => {
    if (isLocalSocket(req)) {
      refuseForgedWrite(req);
    } else {
      refuseForeignHost(req, allowed);
      refuseForeignOrigin(req);
    }
  };
}

function refuseForeignHost(req: IncomingMessage, allowed: ReadonlySet<string>): void {
  const host = (req.headers.host ?? '').toLowerCase();
  const name = host.startsWith('[') ? host.slice(0, host.indexOf(']') + 1) : host.split(':')[0]!;
  if (!allowed.has(name)) {
    throw new Forbidden('foreign_host', 'The Host header is not one of this daemon’s. Name it in SLIPWAY_ALLOWED_HOSTS if it should be.');
  }
}

function refuseForeignOrigin(req: IncomingMessage): void {
  const { origin, host } = req.headers;
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
    throw new Forbidden('foreign_origin', 'Requests from pages of another origin are refused.');
  }
}

/**
 * Jupyter's proxy checks no XSRF token itself and passes the user's cookies on.
 * A write must come from Lab's own page: browsers say so in Sec-Fetch-Site;
 * where they do not, the token must repeat the cookie.
 */
function refuseForgedWrite(req: IncomingMessage): void {
  if (SAFE.has(req.method ?? '')) {
    return;
  }
  const site = req.headers['sec-fetch-site'];
  const isOwnPage = site === undefined ? req.headers.cookie === undefined || hasXsrfToken(req) : site === 'same-origin' || site === 'none';
  if (!isOwnPage) {
    throw new Forbidden('foreign_origin', 'Requests from pages of another origin are refused.');
  }
}

function hasXsrfToken(req: IncomingMessage): boolean {
  const cookie = /(?:^|;\s*)_xsrf=([^;]+)/.exec(req.headers.cookie ?? '')?.[1];
  return cookie !== undefined && req.headers['x-xsrftoken'] === cookie;
}
