import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A port nobody listens on at that address, or at any; somebody else may take it before it is used. */
export function freePort(host?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
