import { readFileSync } from 'node:fs';
import { NewBackfill, ScheduleSpec, TriggerSpec, endpoints } from '@slipway/schema';
import type { Command } from 'commander';
import type { z } from 'zod';
import { createClient, findDaemon, type Client } from './client';
import { CliError, EXIT, print, printJson } from './output';

interface Options {
  json?: boolean;
  home?: string;
}

/** `slipway schedule|backfill|trigger …`: what starts a pipeline by itself. Each is made from a file of JSON, `-` for stdin, in the API's own words. */
export function startersCommand(program: Command): void {
  schedules(program.command('schedule').description('When a pipeline runs by itself.'));
  backfills(program.command('backfill').description('Runs of a pipeline for a range of the past.'));
  triggers(program.command('trigger').description('What starts a pipeline besides the clock.'));
}

function schedules(group: Command): void {
  const e = endpoints.schedules;
  add(group, 'list <pipeline>', 'its schedules', async (client, name) => (await client.call(e.list, { params: { name: name! } })).items, s => [s.id, s.name, s.cron ?? `every ${s.intervalMs} ms`, s.timeZone, s.isPaused ? 'paused' : `next ${s.nextFireAt ?? 'never'}`]);
  add(group, 'add <pipeline> <file>', 'add one', async (client, name, file) => [await client.call(e.create, { params: { name: name! }, body: read(ScheduleSpec, file!) })], s => [s.id, s.name, `next ${s.nextFireAt ?? 'never'}`]);
  add(group, 'remove <id>', 'remove one', async (client, scheduleId) => [await client.call(e.remove, { params: { scheduleId: scheduleId! } })], () => ['Removed.']);
}

function backfills(group: Command): void {
  const e = endpoints.backfills;
  const line = (b: z.output<typeof e.get.reply>): string[] => [b.id, b.state, `${b.counts.succeeded + b.counts.failed + b.counts.cancelled} of ${b.counts.total}`, `${b.counts.failed} failed`, `${b.from} – ${b.to}`];
  add(group, 'list <pipeline>', 'its backfills', async (client, name) => (await client.call(e.list, { params: { name: name! } })).items, line);
  add(group, 'preview <pipeline> <file>', 'what one would run', async (client, name, file) => (await client.call(e.preview, { params: { name: name! }, body: read(NewBackfill, file!) })).intervals, i => [i.start, i.end, JSON.stringify(i.params)]);
  add(group, 'start <pipeline> <file>', 'start one', async (client, name, file) => [await client.call(e.create, { params: { name: name! }, body: read(NewBackfill, file!) })], line);
  add(group, 'show <id>', 'how one goes', async (client, backfillId) => [await client.call(e.get, { params: { backfillId: backfillId! } })], line);
  for (const [word, endpoint, what] of [['pause', e.pause, 'start no more of it'], ['resume', e.resume, 'go on with it'], ['cancel', e.cancel, 'end it with its runs'], ['retry', e.retryFailed, 'run again what failed']] as const) {
    add(group, `${word} <id>`, what, async (client, backfillId) => [await client.call(endpoint, { params: { backfillId: backfillId! } })], line);
  }
}

function triggers(group: Command): void {
  const e = endpoints.triggers;
  add(group, 'list <pipeline>', 'its triggers', async (client, name) => (await client.call(e.list, { params: { name: name! } })).items, t => [t.id, t.name, t.isPaused ? 'paused' : `last fired ${t.lastFiredAt ?? 'never'}`, ...t.faults.map(f => f.message)]);
  add(group, 'add <pipeline> <file>', 'add one; a webhook’s secret is printed only here', async (client, name, file) => [await client.call(e.create, { params: { name: name! }, body: read(TriggerSpec, file!) })], s => [s.trigger.id, s.trigger.name, ...(s.secret === null ? [] : [`POST ${s.trigger.hookPath} secret ${s.secret}`])]);
  add(group, 'secret <id>', 'give its webhooks a new secret, printed only here', async (client, triggerId) => [await client.call(e.renewSecret, { params: { triggerId: triggerId! } })], s => [s.trigger.id, s.trigger.name, `POST ${s.trigger.hookPath} secret ${s.secret}`]);
  add(group, 'fire <id>', 'fire one by hand', async (client, triggerId) => [await client.call(e.fire, { params: { triggerId: triggerId! }, body: {} })], t => [t.id, t.name, 'fired']);
  add(group, 'firings <id>', 'why it fired and what that started', async (client, triggerId) => (await client.call(e.firings, { params: { triggerId: triggerId! }, query: {} })).items, f => [f.at, f.state, f.runId ?? '', f.reason, f.error ?? '']);
  add(group, 'remove <id>', 'remove one', async (client, triggerId) => [await client.call(e.remove, { params: { triggerId: triggerId! } })], () => ['Removed.']);
}

/** A command that prints a line for each thing it gets, or with `--json` all of them as one value. */
function add<T>(group: Command, usage: string, description: string, act: (client: Client, ...args: (string | undefined)[]) => Promise<T[]>, line: (item: T) => string[]): void {
  const command = group.command(usage).description(description).option('--json', 'print one JSON value').option('--home <folder>', 'the daemon’s home').exitOverride();
  command.action(async () => {
    const options = command.opts<Options>();
    const items = await act(createClient(findDaemon(options.home)), ...command.args);
    if (options.json) {
      printJson(items);
    } else {
      items.forEach(item => print(line(item).filter(part => part !== '').join('  ')));
    }
  });
}

/** @throws {CliError} where the file is not what the API takes, with the place */
function read<S extends z.ZodType>(schema: S, file: string): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (cause) {
    throw new CliError(EXIT.usage, 'bad_argument', `${file} cannot be read as JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const first = parsed.error.issues[0]!;
    throw new CliError(EXIT.usage, 'bad_argument', `${file}: ${first.path.join('.')}: ${first.message}`);
  }
  return parsed.data;
}
