import type { IncomingMessage } from 'node:http';
import type { Caller } from '../core/endpoint-router';
import { Unauthenticated } from '../core/errors';
import { isLocalSocket } from './guards';
import type { Access } from './service';

/**
 * Finds out who calls. On the unix socket the proxy's secret makes the owner;
 * elsewhere a token, as Bearer or as the password of Basic. In the mode `none`
 * (loopback only) a request without credentials is the owner's.
 *
 * The answer throws {Unauthenticated} without credentials, or with wrong ones.
 */
export function authenticate(access: Access, mode: 'token' | 'none'): (req: IncomingMessage) => Promise<Caller> {
  return async req => {
    const proxySecret = req.headers['x-slipway-proxy'];
    const token = tokenOf(req);
    if (isLocalSocket(req) && typeof proxySecret === 'string' && access.isProxySecret(proxySecret)) {
      return access.owner;
    }
    if (token === null && mode === 'none' && !isLocalSocket(req)) {
      return access.owner;
    }
    const caller = token === null ? null : await access.callerOf(token);
    if (caller === null) {
      throw new Unauthenticated('unauthenticated', token === null ? 'Send a token: `Authorization: Bearer …` (the owner’s is in the file `token` of Slipway’s home).' : 'This token is unknown, expired or revoked.');
    }
    return caller;
  };
}

function tokenOf(req: IncomingMessage): string | null {
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
