import { Command, CommanderError } from 'commander';
import { version } from '../daemon';
import { analyzeCommand } from './analyze';
import { exportCommand } from './export';
import { gcCommand } from './gc';
import { importCommand } from './import';
import { logsCommand } from './logs';
import { EXIT, printJson, report } from './output';
import { applyCommand, diffCommand, exportPipelineCommand, importPipelineCommand, pullCommand, runNotebookCommand, validateCommand } from './pipeline-files';
import { productionizeCommand } from './productionize';
import { runCommand } from './run';
import { runsCommand } from './runs';
import { secretsCommand } from './secrets';
import { serveCommand } from './serve';
import { simulateCommand } from './simulate';
import { startCommand } from './start';
import { startersCommand } from './starters';
import { statusCommand } from './status';
import { stopCommand } from './stop';
import { sweepCommand } from './sweep';
import { sweepsCommand } from './sweeps';
import { tokensCommand } from './tokens';

/**
 * The command line: one file a command, each a function from the program to
 * the program with the command added. A command throws; here it becomes an
 * exit code, in words on stderr or as JSON on stdout.
 */
const COMMANDS: ((program: Command) => void)[] = [serveCommand, startCommand, stopCommand, statusCommand, analyzeCommand, productionizeCommand, runCommand, runsCommand, logsCommand, startersCommand, sweepCommand, sweepsCommand, secretsCommand, tokensCommand, applyCommand, diffCommand, pullCommand, validateCommand, runNotebookCommand, importPipelineCommand, exportPipelineCommand, importCommand, exportCommand, gcCommand, simulateCommand];

/** Runs one command line (without node and script) and gives its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const program = new Command('slipway').description('Takes a notebook to production.').version(version()).exitOverride().showHelpAfterError();
  COMMANDS.forEach(add => add(program));
  program.commands.forEach(command => command.exitOverride());
  try {
    await program.parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? EXIT.ok : refuseUsage(error, args);
    }
    return report(error, args.includes('--json'));
  }
}

/** The parser has told people on stderr already; a program reads stdout. */
function refuseUsage(error: CommanderError, args: readonly string[]): number {
  if (args.includes('--json')) {
    printJson({ error: { code: 'bad_arguments', message: error.message.replace(/^error: /, '') } });
  }
  return EXIT.usage;
}
