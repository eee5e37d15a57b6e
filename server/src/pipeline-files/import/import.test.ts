import { importPipelines } from '.';

const node = (id: string, filename: string, before: string[], more: object = {}, op = 'execute-notebook-node') => ({
  id,
  type: 'execution_node',
  op,
  app_data: { component_parameters: { filename, ...more }, ui_data: { label: filename.split('/').at(-1) } },
  inputs: [{ id: `${id}-in`, links: before.map(ref => ({ id: `${id}-${ref}`, node_id_ref: ref, port_id_ref: 'outPort' })) }]
});
const elyra = (...nodes: object[]) =>
  JSON.stringify({
    doc_type: 'pipeline',
    version: '3.0',
    primary_pipeline: 'p',
    pipelines: [{ id: 'p', nodes, app_data: { properties: { name: 'my analysis', pipeline_parameters: [{ name: 'REGION', default_value: { type: 'String', value: 'eu' } }], pipeline_defaults: { env_vars: [{ env_var: 'TEAM', value: 'data' }] } } } }]
  });

test('Elyra’s notebooks and scripts become steps, with their order, variables and parameters', () => {
  const text = elyra(
    node('1', 'load.ipynb', [], { env_vars: [{ env_var: 'ROWS', value: '10' }], cpu: 2, memory: 4, gpu: 0 }),
    node('2', 'src/clean.py', ['1'], { pipeline_parameters: ['REGION'] }, 'execute-python-node'),
    node('3', 'plot.r', ['2'], {}, 'execute-r-node'),
    node('4', 'load.ipynb', ['3', '1'])
  );
  expect(importPipelines(text, 'x.pipeline')).toEqual([
    {
      file: {
        slipway: 1,
        name: 'my-analysis',
        steps: {
          load: { notebook: 'load.ipynb', env: { TEAM: 'data', ROWS: '10' }, resources: { cpus: 2, memoryBytes: 4 * 2 ** 30 } },
          clean: { notebook: 'src/clean.py', params: { REGION: 'eu' }, env: { TEAM: 'data', REGION: { param: 'REGION' } }, after: ['load'] },
          'load-2': { notebook: 'load.ipynb', env: { TEAM: 'data' }, after: ['clean', 'load'] }
        }
      },
      left: [expect.stringContaining('plot.r: R scripts are not run')]
    }
  ]);
});

test('a job definition becomes a scheduled step', () => {
  const job = { job_definition_id: 'd1', name: 'Nightly report', input_filename: 'team/report.ipynb', runtime_environment_name: 'py311', output_formats: ['html', 'ipynb'], parameters: { DAY: 'today', N: 3, deep: { a: 1 } }, schedule: '0 6 * * MON-FRI', timezone: 'Europe/Berlin', active: false };
  const wanted = {
    file: { slipway: 1, name: 'Nightly-report', steps: { 'Nightly-report': { notebook: 'report.ipynb', params: { DAY: 'today', N: 3 } } }, schedule: { cron: '0 6 * * MON-FRI', timeZone: 'Europe/Berlin', isPaused: true } },
    left: [expect.stringContaining('deep'), expect.stringContaining('py311'), expect.stringContaining('html')]
  };
  for (const form of [job, [job], { job_definitions: [job], total_count: 1 }]) {
    expect(importPipelines(JSON.stringify(form), 'jobs.json')).toEqual([wanted]);
  }
});

test.each([['not json', /is no JSON/], ['{}', /neither an Elyra pipeline nor/], ['{"doc_type": "pipeline"}', /cannot be read: primary_pipeline/], [elyra(node('1', 'a.r', [], {}, 'execute-r-node')), /no notebook and no Python script/]])('what is no pipeline is refused: %#', (text, wanted) => {
  expect(() => importPipelines(text, 'x.pipeline')).toThrow(wanted);
});
