import { AppError } from '../core/errors';
import { toAppError } from '../core/error-handler';

/** What the shell gets back. */
export const EXIT = { ok: 0, failed: 1, usage: 2, noDaemon: 3, notPermitted: 4, portTaken: 5, homeTaken: 6 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command with a code of its own, told in words or, with `--json`, as `{error:{code,message}}`. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(
    readonly exitCode: ExitCode,
    readonly code: string,
    message: string
  ) {
    super(message);
  }
}

/** Prints the one JSON value of `--json`. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Prints a line for people. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Says what is going on; stderr, so that stdout stays the result's. */
export function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Tells a failure the way asked for, and gives the exit code for it. */
export function report(error: unknown, asJson: boolean): ExitCode {
  const { exitCode, code, message } = describe(error);
  if (asJson) {
    printJson({ error: { code, message } });
  } else {
    process.stderr.write(`slipway: ${message}\n`);
  }
  return exitCode;
}

function describe(error: unknown): { exitCode: ExitCode; code: string; message: string } {
  if (error instanceof CliError) {
    return error;
  }
  if (error instanceof AppError) {
    return { exitCode: EXIT.usage, code: error.code, message: error.message };
  }
  const known = toAppError(error);
  const message = known?.message ?? (error instanceof Error ? error.message : String(error));
  return { exitCode: EXIT.failed, code: known?.code ?? 'failed', message };
}
