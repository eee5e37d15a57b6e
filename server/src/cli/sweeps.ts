import { endpoints } from '@slipway/schema';
import { InvalidArgumentError, type Command } from 'commander';
import { createClient, findDaemon } from './client';
import { print, printJson } from './output';
import { printSweep } from './sweep-summary';

interface Options {
  pipeline?: string;
  trials?: number;
  json?: boolean;
  home?: string;
}

/** `slipway sweeps list|show|pause|resume|cancel|extend|delete`: what becomes of sweeps that were started. */
export function sweepsCommand(program: Command): void {
  const sweeps = program.command('sweeps').description('Look after sweeps.');
  const options = (command: Command): Command => command.option('--json', 'print one JSON value').option('--home <folder>', 'the daemon’s home');
  options(sweeps.command('list').description('The newest ones.').option('--pipeline <name>', 'of this pipeline')).action(async ({ pipeline, json, home }: Options) => {
    const { items } = await createClient(findDaemon(home)).call(endpoints.sweeps.list, { query: { pipeline } });
    json ? printJson(items) : items.forEach(printSweep);
  });
  options(sweeps.command('show <sweep>').description('One with its trials.')).action(async (sweepId: string, { json, home }: Options) => {
    const client = createClient(findDaemon(home));
    const found = await client.call(endpoints.sweeps.get, { params: { sweepId } });
    const { items: trials } = await client.call(endpoints.sweeps.trials, { params: { sweepId }, query: { limit: 500 } });
    if (json) {
      return printJson({ ...found, trials });
    }
    printSweep(found);
    trials.forEach(t => print(`  ${String(t.number).padStart(4)}  ${t.state.padEnd(9)}  ${t.value ?? ''}  ${JSON.stringify(t.params)}${t.error === null ? '' : `  ${t.error}`}`));
  });
  for (const verb of ['pause', 'resume', 'cancel'] as const) {
    options(sweeps.command(`${verb} <sweep>`).description(WORDS[verb])).action(async (sweepId: string, { json, home }: Options) => {
      const found = await createClient(findDaemon(home)).call(endpoints.sweeps[verb], { params: { sweepId } });
      json ? printJson(found) : printSweep(found);
    });
  }
  options(sweeps.command('extend <sweep>').description('Give it more trials, also when it is over.').requiredOption('--trials <number>', 'how many more', toCount)).action(async (sweepId: string, { trials, json, home }: Options) => {
    const found = await createClient(findDaemon(home)).call(endpoints.sweeps.extend, { params: { sweepId }, body: { trials: trials! } });
    json ? printJson(found) : printSweep(found);
  });
  options(sweeps.command('delete <sweep>').description('Delete one that is over; the runs of its trials stay.')).action(async (sweepId: string, { json, home }: Options) => {
    await createClient(findDaemon(home)).call(endpoints.sweeps.remove, { params: { sweepId } });
    json ? printJson({ deleted: sweepId }) : print('Deleted.');
  });
}

const WORDS = { pause: 'Ask no more trials for now.', resume: 'Go on after a pause.', cancel: 'Stop it, and the runs of its trials.' };

function toCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) {
    throw new InvalidArgumentError('A number of trials is a whole one from 1 on.');
  }
  return count;
}
