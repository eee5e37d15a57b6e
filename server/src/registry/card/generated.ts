import type { GateEvaluation, ModelVersion, VersionMaking } from '@slipway/schema';
import type { Known } from './known';
import { code, codeBlock, plain, table } from './markdown';

const MOST_ROWS = 200;

/** Markdown of what is known, part by part; a part of which nothing is known is empty. */
export function generatedParts({ version, making, evaluation, lineage }: Known) {
  return {
    about: aboutOf(version),
    use: useOf(version),
    evaluation: [heading('Metrics'), metricsOf(version), ...slicesOf(version)].join('\n\n'),
    gates: evaluation ? `${heading('Gates')}\n\n${gatesOf(evaluation)}` : '',
    training: [heading('Training'), ...trainingOf(making)].join('\n\n'),
    lineage: lineage.length === 0 ? '' : `${heading('Lineage')}\n\n${capped(lineage.map(uri => `- ${code(uri)}`)).join('\n')}`
  };
}

const heading = (text: string): string => `## ${text}`;

function aboutOf({ name, version, aliases, flavors, createdAt, runId, stage }: ModelVersion): string {
  const facts: [string, string][] = [
    ['Version', version],
    ['Aliases', aliases.map(a => code(`@${a}`)).join(', ')],
    ['Stage', stage === 'None' ? '' : stage],
    ['Registered', createdAt],
    ['Flavors', flavors.map(code).join(', ')],
    ['Run', runId === null ? '' : code(runId)]
  ];
  return table(['', plain(name)], facts.filter(([, value]) => value !== ''));
}

function useOf({ name, version, signature }: ModelVersion): string {
  const load = codeBlock('python', `import mlflow\n\nmodel = mlflow.pyfunc.load_model(${JSON.stringify(`models:/${name}/${version}`)})\npredictions = model.predict(rows)`);
  const columns = (title: string, list: NonNullable<ModelVersion['signature']>['inputs']): string[] =>
    list.length === 0 ? [] : [`### ${title}`, table(['Column', 'Type', 'Required'], capped(list.map((c, i) => [c.name === null ? `#${i}` : code(c.name), plain(c.type), c.required ? 'yes' : 'no'])))];
  const said = signature ? [...columns('Inputs', signature.inputs), ...columns('Outputs', signature.outputs)] : ['The model has no signature: what it takes is not known.'];
  return [heading('How to use'), load, ...said].join('\n\n');
}

function metricsOf({ metrics }: ModelVersion): string {
  const rows = Object.entries(metrics).sort(([a], [b]) => (a < b ? -1 : 1));
  return table(['Metric', 'Value'], capped(rows.map(([name, value]) => [plain(name), String(value)]))) || 'No metric was recorded.';
}

function slicesOf({ slices }: ModelVersion): string[] {
  return slices.map(({ metric, column, overall, slices: values }) => {
    const rows = values.map(s => [plain(s.value), String(s.metric), s.rows === null ? '' : String(s.rows)]);
    return `### ${plain(metric)} by ${plain(column)}\n\n${table([plain(column), plain(metric), 'Rows'], [...(overall === null ? [] : [['*all data*', String(overall), '']]), ...capped(rows)])}`;
  });
}

function gatesOf({ verdict, evaluatedAt, results, override }: GateEvaluation): string {
  const rows = results.map(r => [plain(r.rule), r.value === null ? '' : String(r.value), r.champion?.value === undefined || r.champion.value === null ? '' : String(r.champion.value), r.passed ? 'passed' : r.isPending ? 'pending' : '**failed**', plain(r.note ?? '')]);
  return [
    `Evaluated ${evaluatedAt}: **${verdict}**.`,
    ...(override ? [`Let through all the same by ${plain(override.by)}: ${plain(override.comment)}`] : []),
    table(['Rule', 'Value', 'Champion', 'Outcome', 'Note'], capped(rows)),
    ...results.flatMap(({ latency: l }) => (l ? [`Latency was measured ${l.measuredAt} with ${l.requests} requests of the ${l.input === 'example' ? 'logged example' : 'row made of its signature'}: p50 ${l.p50Ms} ms, p95 ${l.p95Ms} ms, at most ${l.maxMs} ms, on ${plain(l.machine.cpu)}, ${l.machine.cores} cores.`] : []))
  ].join('\n\n');
}

function trainingOf({ params, data, python, packages, notebookPath, cells, notes }: VersionMaking): string[] {
  const some = (title: string, body: string): string[] => (body === '' ? [] : [`### ${title}`, body]);
  return [
    ...some('Data', table(['Path', 'Digest'], capped(data.map(d => [code(d.path), d.digest === null ? 'not digested' : code(d.digest)])))),
    ...some('Parameters', table(['Parameter', 'Value'], capped(Object.entries(params).map(([name, value]) => [plain(name), code(value)])))),
    ...some('Environment', [...(python === null ? [] : [`Python ${plain(python)}`]), table(['Package', 'Version'], capped(Object.entries(packages).map(([name, v]) => [plain(name), plain(v)])))].filter(Boolean).join('\n\n')),
    ...some('Code', [...(notebookPath === null ? [] : [`From ${code(notebookPath)}:`]), ...cells.map(c => codeBlock('python', c.source))].join('\n\n')),
    ...notes.map(note => `*${plain(note)}*`)
  ];
}

/** A table that nobody reads to its end says how much more there is. */
function capped<T extends string | string[]>(rows: readonly T[]): T[] {
  const more = rows.length - MOST_ROWS;
  const last = `… and ${more} more`;
  return more <= 0 ? [...rows] : [...rows.slice(0, MOST_ROWS), (typeof rows[0] === 'string' ? `- ${last}` : [last, ...(rows[0] as string[]).slice(1).map(() => '')]) as T];
}
