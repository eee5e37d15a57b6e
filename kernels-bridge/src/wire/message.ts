import { createHmac, randomUUID } from 'node:crypto';

/** One message of Jupyter's wire protocol. */
export interface Message {
  header: { msg_id: string; msg_type: string };
  parent: { msg_id?: string };
  content: Record<string, unknown>;
}

const DELIMITER = '<IDS|MSG>';

/** Frames of a message, signed with the connection's key; and its id. */
export function encode(key: string, session: string, type: string, content: object, metadata: object = {}): { id: string; frames: string[] } {
  const id = randomUUID();
  const header = { msg_id: id, session, username: 'slipway', date: new Date().toISOString(), msg_type: type, version: '5.3' };
  const parts = [header, {}, metadata, content].map(part => JSON.stringify(part));
  return { id, frames: [DELIMITER, sign(key, parts), ...parts] };
}

/** @throws if the signature is not the kernel's */
export function decode(key: string, frames: readonly Buffer[]): Message {
  const start = frames.findIndex(frame => frame.toString() === DELIMITER);
  const parts = frames.slice(start + 2, start + 6).map(frame => frame.toString());
  if (start < 0 || sign(key, parts) !== frames[start + 1]?.toString()) {
    throw new Error('A kernel message has a wrong signature.');
  }
  const [header, parent, , content] = parts.map(part => JSON.parse(part) as unknown);
  return { header, parent, content } as Message;
}

function sign(key: string, parts: readonly string[]): string {
  const hmac = createHmac('sha256', key);
  parts.forEach(part => hmac.update(part));
  return hmac.digest('hex');
}
