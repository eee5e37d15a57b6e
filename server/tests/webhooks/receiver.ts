import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  path: string;
}

/** A server that keeps what it gets and answers as it is told; 200 until then. */
export async function startReceiver() {
  const received: Received[] = [];
  const receiver = {
    url: '',
    received,
    /** Status of the next answers, one each; null hangs. The last holds on. */
    answers: [200] as (number | null)[],
    headers: {} as Record<string, string>,
    of: (event: string) => received.filter(r => eventOf(r) === event),
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    }
  };
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', chunk => chunks.push(chunk as Buffer));
    req.on('end', () => {
      received.push({ headers: req.headers, body: Buffer.concat(chunks).toString('utf8'), path: req.url! });
      const status = receiver.answers.length > 1 ? receiver.answers.shift()! : receiver.answers[0]!;
      if (status !== null) {
        res.writeHead(status, receiver.headers).end(`answered ${status}`);
      }
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return receiver;
}

/** `model_version.created`, whichever of the two shapes it came in. */
export function eventOf({ body }: Received): string {
  const event = JSON.parse(body) as { entity?: string; action?: string; type?: string };
  return event.type ?? `${event.entity}.${event.action}`;
}
