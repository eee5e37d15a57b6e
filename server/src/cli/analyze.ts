import type { Analysis } from '@slipway/schema';
import type { Command } from 'commander';
import { analyze } from '../notebooks';
import { readNotebook } from './notebook-file';
import { print, printJson } from './output';

/** `slipway analyze NOTEBOOK`: what its cells rest on, and the steps it would become. Starts no kernel. */
export function analyzeCommand(program: Command): void {
  program
    .command('analyze <notebook>')
    .description('Show what a notebook’s cells rest on, and the steps it would become.')
    .option('--sink <cell>', 'slice from this cell; may be given again', (id: string, ids: string[]) => [...ids, id], [] as string[])
    .option('--json', 'print one JSON value')
    .action((path: string, options: { sink: string[]; json?: boolean }) => {
      const analysis = analyze(readNotebook(path), { sinks: options.sink });
      if (options.json) {
        printJson(analysis);
      } else {
        describe(analysis, options.sink.length > 0 ? options.sink : analysis.sinks);
      }
    });
}

/** For people; `results` are the cells that were sliced from. */
function describe({ cells, needed, steps, dependencies, warnings }: Analysis, results: readonly string[]): void {
  print(`${cells.length} code cells, ${needed.length} needed for ${results.length === 1 ? 'one result' : `${results.length} results`}.`);
  for (const { id, defines, uses, mutates } of cells) {
    const mark = results.includes(id) ? '*' : needed.includes(id) ? '+' : ' ';
    const facts = [['defines', defines], ['uses', uses], ['changes', mutates], ['after', dependencies[id] ?? []]] as const;
    print(`${mark} ${id}  ${facts.flatMap(([word, names]) => (names.length > 0 ? [`${word} ${names.join(', ')}`] : [])).join('; ')}`);
  }
  for (const { name, cells: ids, inputs, outputs, after } of steps) {
    print(`step ${name}: ${ids.join(', ')}${inputs.length > 0 ? `; takes ${inputs.join(', ')}` : ''}${outputs.length > 0 ? `; gives ${outputs.join(', ')}` : ''}${after.length > 0 ? `; after ${after.join(', ')}` : ''}`);
  }
  warnings.forEach(text => print(`warning: ${text}`));
}
