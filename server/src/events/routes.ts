import type { SlipwayEvent } from '@slipway/schema';
import { Router } from 'express';
import { needs } from '../core/endpoint-router';
import type { Events } from './service';

const HEARTBEAT_MS = 15_000;

/** `GET /events`: server-sent events; `Last-Event-ID` resumes where a stream broke, with some it may have had. */
export function eventRoutes(events: Events): Router {
  const router = Router();
  router.get('/events', needs('runs:read'), async (req, res) => {
    const since = /^\d{1,18}$/.exec(String(req.headers['last-event-id'] ?? ''))?.[0];
    res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    res.write(': connected\n\n');
    const missed = new Set<string>();
    const send = (event: SlipwayEvent): void => {
      if (!missed.has(event.id)) {
        res.write(`id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`);
      }
    };
    const pending: SlipwayEvent[] = [];
    let deliver = (event: SlipwayEvent): void => void pending.push(event);
    const unsubscribe = events.subscribe(event => deliver(event));
    const heartbeat = setInterval(() => res.write(': alive\n\n'), HEARTBEAT_MS);
    res.on('close', () => {
      unsubscribe();
      clearInterval(heartbeat);
    });
    if (since !== undefined) {
      for await (const page of events.since(since)) {
        page.forEach(send);
        page.forEach(event => missed.add(event.id)); // heard of meanwhile, too
      }
    }
    pending.forEach(send);
    deliver = send;
  });
  return router;
}
