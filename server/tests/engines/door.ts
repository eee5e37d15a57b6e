import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A port before an engine's, which can be shut: the engine is away then, and its jobs go on. */
export async function openDoor(to: URL) {
  const sockets = new Set<Socket>();
  let isOpen = true;
  const server = createServer(inner => {
    if (!isOpen) {
      inner.destroy();
      return;
    }
    const outer = connect(Number(to.port), to.hostname);
    for (const socket of [inner, outer]) {
      sockets.add(socket);
      socket.on('close', () => (sockets.delete(socket), inner.destroy(), outer.destroy())).on('error', () => undefined);
    }
    inner.pipe(outer).pipe(inner);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${to.protocol}//127.0.0.1:${(server.address() as AddressInfo).port}`,
    shut(): void {
      isOpen = false;
      sockets.forEach(socket => socket.destroy());
    },
    open: (): void => void (isOpen = true),
    async close(): Promise<void> {
      sockets.forEach(socket => socket.destroy());
      await new Promise(resolve => server.close(resolve));
    }
  };
}
