import { endpoints, type PurgeReport } from '@slipway/schema';
import type { Command } from 'commander';
import { createClient, findDaemon } from './client';
import { CliError, EXIT, print, printJson } from './output';

const DEFAULT_AGE = '30d';
const SECONDS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

/** `slipway gc`: what `mlflow gc` is to MLflow, and the disk space with it. */
export function gcCommand(program: Command): void {
  program
    .command('gc')
    .description('Remove deleted runs and experiments for ever, and free the disk space that nothing uses.')
    .option('--older-than <age>', 'deleted at least so long ago: 30d, 12h, 1d6h, 0s', DEFAULT_AGE)
    .option('--experiment <name>', 'only of this experiment')
    .option('--dry-run', 'only tell what would go')
    .option('--json', 'print one JSON value')
    .option('--home <folder>', 'the daemon’s home')
    .action(async (options: { olderThan: string; experiment?: string; dryRun?: boolean; json?: boolean; home?: string }) => {
      const olderThanSeconds = secondsOf(options.olderThan);
      const report = await createClient(findDaemon(options.home)).call(endpoints.upkeep.purge, { body: { olderThanSeconds, experimentName: options.experiment ?? null, isDryRun: options.dryRun === true } });
      if (options.json) {
        printJson(report);
        return;
      }
      inWords(report).forEach(print);
    });
}

/** @throws {CliError} `bad_arguments` */
export function secondsOf(age: string): number {
  const match = /^(?:(\d{1,6})d)?(?:(\d{1,8})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?$/.exec(age.trim());
  if (!match || age.trim() === '') {
    throw new CliError(EXIT.usage, 'bad_arguments', `--older-than ${age}: an age is written like 30d, 12h, 1d6h or 0s.`);
  }
  const [d, h, m, s] = match.slice(1).map(part => Number(part ?? 0)) as [number, number, number, number];
  return d * SECONDS.d + h * SECONDS.h + m * SECONDS.m + s;
}

function inWords(report: PurgeReport): string[] {
  const verb = report.isDryRun ? 'Would remove' : 'Removed';
  return [
    `${verb} ${count(report.runs, 'run')} and ${count(report.experiments, 'experiment')}; ${report.isDryRun ? 'would free' : 'freed'} ${bytes(report.freedBytes)} in ${count(report.freedFiles, 'file')}.`,
    ...(report.keptRuns > 0 ? [`${count(report.keptRuns, 'deleted run')} stay: registered model versions stand on them, or their pipeline runs.`] : []),
    ...(report.waitingFiles > 0 ? [`${count(report.waitingFiles, 'unused file')} (${bytes(report.waitingBytes)}) were written a moment ago: the next time they go.`] : [])
  ];
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

function bytes(number: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  const power = number < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(number) / 3));
  return `${power === 0 ? number : (number / 1_000 ** power).toFixed(1)} ${units[power]}`;
}
