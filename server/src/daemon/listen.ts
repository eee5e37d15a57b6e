import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';

/** The port asked for is another's. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
  constructor(port: number) {
    const holder = holderOf(port);
    super(`Port ${port} is taken${holder ? ` by ${holder}` : ''}. Leave --port out, or give --port 0, for a free one.`);
  }
}

/**
 * Listens on TCP. An explicit port is that or nothing; a preferred one (the
 * last of this home, so that MLflow URIs of live kernels stay good) gives way.
 *
 * @throws {PortTaken} if `explicit` is another's
 */
export async function listenTcp(handler: RequestListener, host: string, ports: { explicit?: number; preferred?: number }): Promise<{ server: Server; port: number }> {
  const server = newServer(handler);
  const wanted = ports.explicit ?? ports.preferred ?? 0;
  try {
    await listen(server, { host, port: wanted });
  } catch (error) {
    if (!isCode(error, 'EADDRINUSE') && !isCode(error, 'EACCES')) {
      throw error;
    }
    if (ports.explicit !== undefined) {
      throw new PortTaken(wanted);
    }
    await listen(server, { host, port: 0 });
  }
  const address = server.address();
  return { server, port: typeof address === 'object' && address ? address.port : wanted };
}

/** Listens on a unix socket only its owner may use; the home's lock says that an old one is stale. */
export async function listenSocket(handler: RequestListener, path: string): Promise<Server> {
  rmSync(path, { force: true });
  const server = newServer(handler);
  await listen(server, { path });
  chmodSync(path, 0o600);
  return server;
}

/** Stops taking connections, lets requests under way finish for `graceMs`, then cuts the rest (event streams). */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}

function newServer(handler: RequestListener): Server {
  // No limit on a whole request: an artifact of many GB may take its time; headers may not.
  return createServer({ requestTimeout: 0, headersTimeout: 30_000, keepAliveTimeout: 65_000 }, handler);
}

function listen(server: Server, where: { host?: string; port?: number; path?: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** `node (pid 4711)`, where `ss` is there and may see it. */
function holderOf(port: number): string | null {
  try {
    const out = execFileSync('ss', ['-Hltnp', `sport = :${port}`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const found = /users:\(\("([^"]+)",pid=(\d+)/.exec(out);
    return found ? `${found[1]} (pid ${found[2]})` : null;
  } catch {
    return null;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
