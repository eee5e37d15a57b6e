import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { endpoints } from '@slipway/schema';
import type { Command } from 'commander';
import { createClient, findDaemon } from './client';
import { CliError, EXIT, print, printJson } from './output';

interface Options {
  json?: boolean;
  home?: string;
}

/** `slipway secrets set|list|delete`: what steps are handed by reference. A value is asked for, or read from stdin, and never printed. */
export function secretsCommand(program: Command): void {
  const secrets = program.command('secrets').description('Keep secrets that steps of pipelines are handed by reference.');
  const options = (command: Command): Command => command.option('--json', 'print one JSON value').option('--home <folder>', 'the daemon’s home');
  options(secrets.command('set <name>').description('Keep a value, sealed: asked for on a terminal, else read from stdin.')).action(async (name: string, { json, home }: Options) => {
    const value = await readSecret();
    const secret = await createClient(findDaemon(home)).call(endpoints.secrets.set, { params: { name }, body: { value } });
    json ? printJson(secret) : print(`${secret.name} is kept; a step’s options name it as \`secret: ${secret.name}\`.`);
  });
  options(secrets.command('list').description('List their names.')).action(async ({ json, home }: Options) => {
    const { items } = await createClient(findDaemon(home)).call(endpoints.secrets.list);
    json ? printJson(items) : items.forEach(s => print([s.name, s.updatedAt, s.updatedBy].join('  ')));
  });
  options(secrets.command('delete <name>').alias('remove').description('Forget one.')).action(async (name: string, { json, home }: Options) => {
    await createClient(findDaemon(home)).call(endpoints.secrets.remove, { params: { name } });
    json ? printJson({ deleted: name }) : print(`${name} is forgotten; steps that name it fail from now on.`);
  });
}

/** @throws CliError `no_secret` */
async function readSecret(): Promise<string> {
  const value = process.stdin.isTTY ? await askFor('The secret (not shown): ') : await readAll();
  if (value === '') {
    throw new CliError(EXIT.usage, 'no_secret', 'No secret came: `printf %s "$VALUE" | slipway secrets set NAME`.');
  }
  return value;
}

/** All of stdin, without the line's end that a shell or an editor adds. */
async function readAll(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8').replace(/\r?\n$/, '');
}

/** A line of the terminal, which shows nothing of it. */
async function askFor(question: string): Promise<string> {
  const shown = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: shown, terminal: true });
  process.stderr.write(question);
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
