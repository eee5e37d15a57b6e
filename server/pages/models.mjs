import { call } from './call.mjs';
import { h, labLink, link, number, place, section, table, time } from './draw.mjs';

export async function drawModel({ name }) {
  const { items } = await call(`api/v1/models/${encodeURIComponent(name)}/versions`);
  const rows = items.map(v => [link(place('models', name, 'versions', v.version), v.version), v.aliases.map(alias => `@${alias}`).join(' '), time(Date.parse(v.createdAt)), v.description.split('\n')[0]]);
  return { title: name, nodes: [h('h1', {}, name), table('Versions', [{ title: 'Version' }, { title: 'Aliases' }, { title: 'Registered' }, { title: 'Description' }], rows) ?? h('p', { class: 'faint' }, 'It has no versions.')] };
}

/** A version of a registered model: what it is, how good, and where it came from. */
export async function drawVersion({ name, version }, labUrl) {
  const v = await call(`api/v1/models/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}`);
  const run = v.runId === null ? null : await call(`api/v1/runs/${encodeURIComponent(v.runId)}`).catch(() => null);
  return {
    title: `${name} ${v.version}`,
    nodes: [
      h('p', { class: 'path' }, link(place('models', name), name)),
      h('h1', {}, `${name}, version ${v.version}`),
      h(
        'p',
        { class: 'facts' },
        v.aliases.map(alias => h('span', { class: 'tag' }, `@${alias}`)),
        v.stage === 'None' ? null : h('span', { class: 'tag' }, v.stage),
        h('span', { class: 'faint' }, `registered ${time(Date.parse(v.createdAt))}`),
        run === null ? null : h('span', {}, 'from run ', link(place('experiments', run.experiment.id, 'runs', run.id), run.name))
      ),
      h('p', {}, labLink(labUrl, `model:${name}@${v.version}`)),
      v.description === '' ? null : section('Description', h('pre', {}, v.description)),
      section('Use it', h('pre', {}, `mlflow.pyfunc.load_model("models:/${name}/${v.version}")`)),
      h(
        'div',
        { class: 'columns' },
        h('div', {}, table('Metrics', [{ title: 'Metric' }, { title: 'Value', isNumber: true }], Object.entries(v.metrics).map(([key, value]) => [key, number(value)]))),
        h('div', {}, table('Params', [{ title: 'Param' }, { title: 'Value' }], Object.entries(v.params)))
      ),
      v.signature === null ? null : h('div', { class: 'columns' }, h('div', {}, columns('It takes', v.signature.inputs)), h('div', {}, columns('It gives', v.signature.outputs))),
      table('Tags', [{ title: 'Tag' }, { title: 'Value' }], Object.entries(v.tags))
    ]
  };
}

/** A model that a run logged, registered or not. */
export async function drawLoggedModel({ modelId }) {
  const { model } = await call(`api/2.0/mlflow/logged-models/${encodeURIComponent(modelId)}`);
  const { info, data = {} } = model;
  return {
    title: info.name,
    nodes: [
      h('p', { class: 'path' }, link(place('experiments', info.experiment_id), 'Its experiment'), info.source_run_id ? [' / ', link(place('experiments', info.experiment_id, 'runs', info.source_run_id), 'the run that logged it')] : ''),
      h('h1', {}, info.name),
      section('Use it', h('pre', {}, `mlflow.pyfunc.load_model("models:/${info.model_id}")`)),
      table('Metrics', [{ title: 'Metric' }, { title: 'Value', isNumber: true }], (data.metrics ?? []).map(m => [m.key, number(m.value)])),
      table('Params', [{ title: 'Param' }, { title: 'Value' }], (data.params ?? []).map(p => [p.key, p.value])),
      table('Tags', [{ title: 'Tag' }, { title: 'Value' }], (info.tags ?? []).map(t => [t.key, t.value]))
    ]
  };
}

function columns(title, specs) {
  return table(title, [{ title: 'Column' }, { title: 'Type' }], specs.map(spec => [spec.name, `${spec.type}${spec.required ? '' : ', may be missing'}`]));
}
