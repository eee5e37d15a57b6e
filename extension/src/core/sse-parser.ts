/** One event of a stream of server-sent events. */
export interface SentEvent {
  id: string | null;
  data: string;
}

/** Cuts a stream of server-sent events into events, however its chunks fall. */
export class SseParser {
  push(chunk: string): SentEvent[] {
    this.rest += chunk.replace(/\r/g, '');
    const events: SentEvent[] = [];
    for (let end = this.rest.indexOf('\n\n'); end >= 0; end = this.rest.indexOf('\n\n')) {
      const event = parseBlock(this.rest.slice(0, end));
      this.rest = this.rest.slice(end + 2);
      if (event) {
        events.push(event);
      }
    }
    return events;
  }

  private rest = '';
}

/** null for comments and heartbeats, which carry no data. */
function parseBlock(block: string): SentEvent | null {
  const data: string[] = [];
  let id: string | null = null;
  for (const line of block.split('\n')) {
    const [, field, value = ''] = /^([a-z]+): ?(.*)$/.exec(line) ?? [];
    if (field === 'data') {
      data.push(value);
    } else if (field === 'id') {
      id = value;
    }
  }
  return data.length === 0 ? null : { id, data: data.join('\n') };
}
