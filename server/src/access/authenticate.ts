import type { Request, RequestHandler } from 'express';
import { Unauthenticated } from '../core/errors';
import { isLocalSocket } from './guards';
import type { Access } from './service';

/**
 * Sets `res.locals.caller`. On the unix socket the proxy's secret makes the
 * owner; elsewhere a token, as Bearer or as the password of Basic. In the mode
 * `none` (loopback only) a request without credentials is the owner's.
 *
 * @throws {Unauthenticated} without credentials, or with wrong ones
 */
export function authenticate(access: Access, mode: 'token' | 'none'): RequestHandler {
  return async (req, res, next) => {
    const proxySecret = req.headers['x-slipway-proxy'];
    const token = tokenOf(req);
    if (isLocalSocket(req) && typeof proxySecret === 'string' && access.isProxySecret(proxySecret)) {
      res.locals.caller = access.owner;
    } else if (token !== null) {
      res.locals.caller = (await access.callerOf(token)) ?? undefined;
    } else if (mode === 'none' && !isLocalSocket(req)) {
      res.locals.caller = access.owner;
    }
    if (res.locals.caller === undefined) {
      res.set('www-authenticate', 'Bearer realm="slipway"');
      throw new Unauthenticated('unauthenticated', token === null ? 'Send a token: `Authorization: Bearer …` (the owner’s is in the file `token` of Slipway’s home).' : 'This token is unknown, expired or revoked.');
    }
    next();
  };
}

function tokenOf(req: Request): string | null {
  const [scheme, value] = (req.headers.authorization ?? '').split(' ');
  if (value === undefined || value === '') {
    return null;
  }
  switch (scheme!.toLowerCase()) {
    case 'bearer':
      return value;
    case 'basic':
      return Buffer.from(value, 'base64').toString().split(':').slice(1).join(':');
    default:
      return null; // Jupyter's own `token …`, passed on by its proxy, is not ours
  }
}
