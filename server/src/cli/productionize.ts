import { endpoints, PipelineName, type Notebook, type PipelineVersion, type Proof, type Schedule } from '@slipway/schema';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { parseCron } from '../core/cron';
import { createClient, findDaemon, type Client } from './client';
import { follow } from './follow';
import { readNotebook } from './notebook-file';
import { CliError, EXIT, print, printJson, progress } from './output';
import { collectParam, typedParams } from './params';

interface ProductionizeOptions {
  name: string;
  cron?: string;
  tz?: string;
  param?: Record<string, string>;
  sink?: string[];
  allowDifferences?: boolean;
  json?: boolean;
  home?: string;
}

/** `slipway productionize NOTEBOOK --name N`: proves that the notebook's slice gives its results, then saves it. */
export function productionizeCommand(program: Command): void {
  program
    .command('productionize <notebook>')
    .description('Make a pipeline of a notebook, once it has shown the same results.')
    .requiredOption('--name <name>', 'the pipeline’s name; a taken one gets a new version')
    .option('--cron <expression>', 'when to run: five fields, or six with seconds first')
    .option('--tz <zone>', 'time zone of the schedule, e.g. Europe/Berlin (default: this machine’s)')
    .option('--param <name=value>', 'a value in place of a constant of the notebook; may be given several times', collectParam)
    .option('--sink <cell>', 'build what this cell needs; may be given several times', (id: string, before: string[] = []) => [...before, id])
    .option('--allow-differences', 'save even where the results differ')
    .option('--json', 'print one JSON value')
    .option('--home <folder>', 'the daemon’s home')
    .action(productionize);
}

async function productionize(file: string, options: ProductionizeOptions): Promise<void> {
  if (options.tz !== undefined && options.cron === undefined) {
    throw new CliError(EXIT.usage, 'bad_arguments', '--tz is the time zone of --cron; give both.');
  }
  // What is wrong whoever runs is said at once, before a daemon is looked for.
  const name = PipelineName.safeParse(options.name);
  if (!name.success) {
    throw new CliError(EXIT.usage, 'bad_arguments', `--name “${options.name}”: ${name.error.issues[0]!.message}.`);
  }
  if (options.cron !== undefined) {
    const { cron, timeZone } = scheduleOf(options.cron, options.tz);
    parseCron(cron, timeZone);
  }
  const notebook = readNotebook(file);
  const daemon = findDaemon(options.home);
  const saved = await proveAndSave(daemon, createClient(daemon), file, notebook, options);
  if (!saved) {
    return;
  }
  const { version, proof } = saved;
  const { agreed, differences, notes } = proof;
  if (options.json) {
    printJson({ pipeline: version.pipeline, version: version.version, status: version.isUnchanged ? 'unchanged' : 'saved', result: proof.status, agreed, differences, notes });
    return;
  }
  tell(proof);
  print(version.isUnchanged ? `${version.pipeline} version ${version.version}: unchanged.` : `Saved ${version.pipeline} version ${version.version}.`);
}

/** Makes a notebook a pipeline for a command that goes on with it; null, told with its exit code, where its results differ. */
export async function saveProved(daemon: ReturnType<typeof findDaemon>, client: Client, file: string, options: ProductionizeOptions): Promise<PipelineVersion | null> {
  const saved = await proveAndSave(daemon, client, file, readNotebook(file), options);
  return saved && saved.version;
}

async function proveAndSave(daemon: ReturnType<typeof findDaemon>, client: Client, file: string, notebook: Notebook, options: ProductionizeOptions): Promise<{ version: PipelineVersion; proof: Proof } | null> {
  const proof = await prove(daemon, client, file, notebook, options);
  const allowDifferences = options.allowDifferences === true;
  if (proof.status !== 'same' && !(proof.status === 'different' && allowDifferences)) {
    refuse(proof, options.json === true);
    return null;
  }
  return { proof, version: await client.call(endpoints.pipelines.save, { body: { proofId: proof.id, allowDifferences } }) };
}

async function prove(daemon: ReturnType<typeof findDaemon>, client: Client, file: string, notebook: Notebook, options: ProductionizeOptions): Promise<Proof> {
  const draft = options.param && (await client.call(endpoints.pipelines.draft, { body: { notebook, sinks: options.sink } }));
  const started = await client.call(endpoints.pipelines.prove, {
    body: {
      name: options.name,
      notebookPath: resolve(file),
      notebook,
      sinks: options.sink,
      ...(options.param && { paramValues: typedParams(options.param, draft?.constants ?? []) }),
      ...(options.cron !== undefined && { schedule: scheduleOf(options.cron, options.tz) })
    }
  });
  const params = { proofId: started.id };
  const stop = (): void => void client.call(endpoints.pipelines.cancelProof, { params }).finally(() => process.exit(130));
  process.once('SIGINT', stop);
  let phase = '';
  const ended = await follow(
    daemon,
    () => started.id,
    async () => {
      const proof = await client.call(endpoints.pipelines.proof, { params });
      if (proof.phase !== phase && proof.phase !== 'done') {
        progress(PHASES[(phase = proof.phase)] ?? phase);
      }
      return proof.status === 'running' ? undefined : proof;
    }
  );
  process.off('SIGINT', stop);
  return ended;
}

const PHASES: Record<string, string> = {
  reference: 'Running the notebook whole in a fresh kernel, and the pipeline beside it …',
  pipeline: 'Running the pipeline …',
  comparing: 'Comparing the results …',
  'repeating reference': 'They differ: running the notebook once more to see whether it repeats itself …'
};

function scheduleOf(cron: string, timeZone: string | undefined): Schedule {
  return { cron, timeZone: timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone, isPaused: false };
}

/** Says why nothing was saved. */
function refuse(proof: Proof, asJson: boolean): void {
  process.exitCode = EXIT.failed;
  const code = proof.status === 'different' ? 'results_differ' : proof.status === 'cancelled' ? 'proof_cancelled' : 'proof_failed';
  const message = proof.differences.map(d => d.message).join('\n') || `The proof was ${proof.status}.`;
  if (asJson) {
    printJson({ error: { code, message, differences: proof.differences, notes: proof.notes } });
    return;
  }
  tell(proof);
  progress(proof.status === 'different' ? 'Nothing was saved; --allow-differences saves it all the same.' : 'Nothing was saved.');
}

function tell(proof: Proof): void {
  proof.notes.forEach(note => progress(`note: ${note}`));
  proof.agreed.forEach(a => print(`same       ${a.kind} ${a.name} = ${a.value}`));
  proof.differences.forEach(d => print(`different  ${d.message}${d.notebook === null && d.pipeline === null ? '' : ` notebook: ${d.notebook ?? 'none'}, pipeline: ${d.pipeline ?? 'none'}`}`));
}
