// The plainest copy over loopback there is: bytes of a socket into a file, and
// a file's bytes into a socket. Run by itself: `node plain.mjs FOLDER`; prints
// its two ports.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const path = join(process.argv[2], 'plain.bin');
const listen = handle => new Promise(resolve => {
  const server = createServer({ allowHalfOpen: true }, socket => handle(socket).catch(() => socket.destroy())).listen(0, '127.0.0.1', () => resolve(server.address().port));
});
const up = await listen(async socket => {
  const file = await open(path, 'w');
  for await (const part of socket.iterator({ destroyOnReturn: false })) {
    await file.write(part);
  }
  await file.sync();
  await file.close();
  socket.end('stored');
});
const down = await listen(socket => pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), socket));
console.log(`${up} ${down}`);
