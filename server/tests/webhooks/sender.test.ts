import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSender } from '../../src/webhooks/sender';

const anywhere = { lookupFor: () => undefined };
const message = (url: string) => ({ url, deliveryId: 'id', body: '{}', secret: null });

async function answering(answer: (res: ServerResponse) => void, work: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((_req, res) => answer(res));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('no answer, and an answer that never ends, are told after the time-out', async () => {
  const send = createSender(anywhere, 200);
  await answering(() => undefined, url => expect(send(message(url))).rejects.toThrow('No answer within 0.2 s.'));
  await answering(res => res.write('a'), url => expect(send(message(url))).rejects.toThrow('No answer within 0.2 s.'));
});

test('of a long answer the first 10,000 bytes are kept, and nothing more is read', async () => {
  await answering(
    res => res.end('é'.repeat(5_000_000)),
    async url => expect((await createSender(anywhere)(message(url))).body).toBe('é'.repeat(5_000))
  );
});

test('Retry-After is read as seconds and as a date', async () => {
  for (const [header, least, most] of [['7', 7_000, 7_000], [new Date(Date.now() + 60_000).toUTCString(), 50_000, 60_000], ['soon', null, null]] as const) {
    await answering(
      res => res.writeHead(503, { 'retry-after': header }).end(),
      async url => {
        const { status, retryAfterMs } = await createSender(anywhere)(message(url));
        expect(status).toBe(503);
        expect(retryAfterMs === null ? least === null : retryAfterMs >= least! && retryAfterMs <= most!).toBe(true);
      }
    );
  }
});

test('nobody there is an error, not an answer', async () => {
  let url = '';
  await answering(() => undefined, async there => void (url = there));
  await expect(createSender(anywhere)(message(url))).rejects.toThrow('ECONNREFUSED');
});
