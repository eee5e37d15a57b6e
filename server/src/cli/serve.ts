import { InvalidArgumentError, type Command } from 'commander';
import { readConfig } from '../core/config';
import { createLog } from '../core/log';
import { HomeTaken, PortTaken, runDaemon } from '../daemon';
import { CliError, EXIT, print } from './output';

interface ServeOptions {
  port?: number;
  host: string;
  home?: string;
  auth: string;
  sandbox: string;
}

/** `slipway serve`: the daemon in the foreground until SIGTERM or SIGINT. */
export function serveCommand(program: Command): void {
  program
    .command('serve')
    .description('Run the daemon in the foreground; prints `ready URL`.')
    .option('--port <port>', 'port on the host; 0 takes a free one (default: the last one of the home, else a free one)', toPort)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--home <folder>', 'where everything is kept (default: SLIPWAY_HOME, else ~/.slipway)')
    .option('--auth <mode>', '`token`, or `none` on a loopback address only', 'token')
    .option('--sandbox <mode>', '`auto`, or `none` where no sandbox can be had', 'auto')
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  if (options.auth !== 'none' && options.auth !== 'token') {
    throw new CliError(EXIT.usage, 'bad_argument', '--auth is `token` or `none`.');
  }
  if (options.sandbox !== 'none' && options.sandbox !== 'auto') {
    throw new CliError(EXIT.usage, 'bad_argument', '--sandbox is `auto` or `none`.');
  }
  if (options.auth === 'none' && !isLoopback(options.host)) {
    throw new CliError(EXIT.usage, 'auth_none_not_loopback', '--auth none is for loopback addresses only (127.0.0.1, ::1, localhost): anybody who reached this port could run code.');
  }
  const config = readConfig(process.env);
  // Heard from the start: a daemon told to end while it begins ends in order too.
  const signalled = untilSignalled();
  const daemon = await runDaemon({
    config: options.home === undefined ? config : { ...config, home: options.home },
    log: createLog(config.logLevel),
    host: options.host,
    port: options.port,
    auth: options.auth,
    sandbox: options.sandbox
  }).catch((error: unknown) => {
    throw translate(error);
  });
  print(`ready ${daemon.url}`);
  await signalled;
  await daemon.stop();
}

function translate(error: unknown): unknown {
  if (error instanceof HomeTaken) {
    return new CliError(EXIT.homeTaken, 'home_taken', error.message);
  }
  return error instanceof PortTaken ? new CliError(EXIT.portTaken, 'port_taken', error.message) : error;
}

function untilSignalled(): Promise<void> {
  return new Promise(resolve => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(signal, () => resolve());
    }
  });
}

export function toPort(value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  }
  return port;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
