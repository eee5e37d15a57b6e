import pino from 'pino';

/** The part of pino that features may use; tests pass `silentLog`. */
export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** One JSON line an event on stderr: stdout is the ready line's and `--json`'s. */
export function createLog(level: string): Log {
  return pino({ level, redact: ['req.headers', 'headers', '*.token', '*.secret'] }, pino.destination({ fd: 2, sync: false }));
}
export const silentLog: Log = pino({ level: 'silent' });
