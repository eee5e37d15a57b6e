import { readFileSync } from 'node:fs';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { POLICIES, readTrace, simulate, timeRounds, type ClusterShape, type PolicyName, type SimulationReport } from '../scheduler';
import { CliError, EXIT, print, printJson } from './output';

interface Options {
  policy: PolicyName;
  gpus: number;
  gpusPerNode: number;
  cpusPerNode: number;
  nodes?: number;
  gpuType: string;
  timeRounds?: number;
  json?: boolean;
}

/** `slipway simulate TRACE`: replays a trace of jobs under the scheduler's own decisions, with a clock of its own. */
export function simulateCommand(program: Command): void {
  program
    .command('simulate [trace]')
    .description('Replay a trace of jobs (CSV or SWF) under the scheduler’s own decisions, and say how well it went.')
    .addOption(new Option('--policy <name>', 'whose decisions').choices(Object.keys(POLICIES)).default('slipway'))
    .option('--gpus <n>', 'GPUs of the cluster', wholeNumber, 64)
    .option('--gpus-per-node <n>', 'GPUs of one node', wholeNumber, 8)
    .option('--cpus-per-node <n>', 'CPUs of one node', wholeNumber, 96)
    .option('--nodes <n>', 'nodes, for a cluster without GPUs (--gpus 0)', wholeNumber)
    .option('--gpu-type <name>', 'what the GPUs call themselves', 'A100')
    .option('--time-rounds <jobs>', 'instead of a trace: time the decisions with so many jobs queued', wholeNumber)
    .option('--json', 'print one JSON value')
    .action((path: string | undefined, options: Options) => {
      if (options.timeRounds !== undefined) {
        return showRounds(options.timeRounds, options);
      }
      const report = simulate(readTrace(textOf(path)), shapeOf(options), options.policy);
      options.json ? printJson(report) : describe(report);
    });
}

/** @throws {CliError} */
function textOf(path: string | undefined): string {
  if (path === undefined) {
    throw new CliError(EXIT.usage, 'bad_arguments', 'Name a trace (CSV or SWF), or --time-rounds.');
  }
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CliError(EXIT.usage, 'trace_not_readable', `${path} cannot be read: ${(error as Error).message}`);
  }
}

function shapeOf({ gpus, gpusPerNode, cpusPerNode, nodes, gpuType }: Options): ClusterShape {
  const count = gpus === 0 ? (nodes ?? 1) : Math.ceil(gpus / gpusPerNode);
  return { nodes: count, cpusPerNode, gpusPerNode: gpus === 0 ? 0 : Math.min(gpus, gpusPerNode), memoryGibPerNode: 1024, gpuType };
}

function describe(report: SimulationReport): void {
  const seconds = (n: number): string => `${Math.round(n).toLocaleString('en')} s`;
  print(`policy                ${report.policy}`);
  print(`jobs                  ${report.jobs}${report.infeasible > 0 ? `, and ${report.infeasible} that can never run` : ''}`);
  print(`utilisation           ${(100 * report.utilisation).toFixed(1)} %`);
  print(`waiting               ${seconds(report.meanWaitS)} on average, 95 % within ${seconds(report.p95WaitS)}`);
  print(`bounded slowdown      ${report.meanBoundedSlowdown.toFixed(2)} on average`);
  print(`fairness (Jain)       ${report.fairness.toFixed(3)} over projects`);
  print(`preemptions           ${report.preemptions}`);
  print(`all done after        ${seconds(report.makespanS)}`);
  print(`rounds                ${report.rounds}, the longest ${report.longestRoundMs.toFixed(1)} ms`);
}

function showRounds(queued: number, options: Options): void {
  const times = timeRounds(queued, shapeOf(options));
  if (options.json) {
    printJson(times);
  } else {
    print(`${times.queued} jobs queued on ${times.gpus} GPUs: a round takes ${times.medianMs.toFixed(1)} ms of CPU (median), ${times.p95Ms.toFixed(1)} ms (95 %); the first, which fills the cluster, ${times.firstMs.toFixed(0)} ms`);
  }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,7}$/.test(text)) {
    throw new InvalidArgumentError('It is a whole number.');
  }
  return Number(text);
}
