import { call } from './call.mjs';
import { h, labLink, link, number, place, state, table, time } from './draw.mjs';

const MOST_RUNS = 100;
const MOST_COLUMNS = 5;

export async function drawHome() {
  const { items } = await call('api/v1/experiments?limit=200');
  const rows = items.map(e => [link(place('experiments', e.id), e.name), String(e.runCount), time(e.lastRunMs)]);
  return {
    title: 'Experiments',
    nodes: [h('h1', {}, 'Experiments'), table('The last used first', [{ title: 'Name' }, { title: 'Runs', isNumber: true }, { title: 'Last run' }], rows) ?? h('p', { class: 'faint' }, 'Nothing was recorded yet.')]
  };
}

/** The newest runs of an experiment, with the metrics they have. */
export async function drawExperiment({ experimentId }, labUrl) {
  const [found, columns] = await Promise.all([
    call(`api/2.0/mlflow/experiments/get?experiment_id=${encodeURIComponent(experimentId)}`),
    call(`api/v1/run-columns?experimentId=${encodeURIComponent(experimentId)}`)
  ]);
  const { name } = found.experiment;
  const params = columns.params.filter(p => p.isVarying).slice(0, MOST_COLUMNS).map(p => p.key);
  const metrics = columns.metrics.slice(0, MOST_COLUMNS).map(m => m.key);
  const runs = await call('api/v1/run-rows', { experimentId, params, metrics: metrics.map(key => ({ key })), limit: MOST_RUNS });
  const head = [{ title: 'Run' }, { title: 'Status' }, { title: 'Started' }, ...params.map(title => ({ title })), ...metrics.map(title => ({ title, isNumber: true }))];
  const rows = runs.items.map(run => [link(place('experiments', experimentId, 'runs', run.id), run.name), state(run.status), time(run.startedMs), ...run.params, ...run.metrics.map(number)]);
  return {
    title: name,
    nodes: [
      h('p', { class: 'path' }, link('#/', 'Experiments')),
      h('h1', {}, name),
      h('p', {}, labLink(labUrl, `experiment:${experimentId}`)),
      table(runs.total > MOST_RUNS ? `The newest ${MOST_RUNS} of ${runs.total} runs` : 'Runs', head, rows) ?? h('p', { class: 'faint' }, 'It has no runs.')
    ]
  };
}
