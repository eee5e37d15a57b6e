import { call, hasToken, save } from './call.mjs';
import { bytes, duration, h, labLink, link, number, place, section, state, table, time } from './draw.mjs';

/** One run: how it went, what went in and what came out. */
export async function drawRun({ runId }, labUrl) {
  const [run, files] = await Promise.all([call(`api/v1/runs/${encodeURIComponent(runId)}`), folder(runId, '')]);
  return {
    title: run.name,
    nodes: [
      h('p', { class: 'path' }, link(place('experiments', run.experiment.id), run.experiment.name), run.parent ? [' / ', link(place('experiments', run.experiment.id, 'runs', run.parent.id), run.parent.name)] : ''),
      h('h1', {}, run.name),
      facts(run),
      h('p', {}, labLink(labUrl, `run:${run.id}`)),
      run.note === '' ? null : section('Note', h('pre', {}, run.note)),
      h(
        'div',
        { class: 'columns' },
        h('div', {}, metrics(run)),
        h('div', {}, table('Params', [{ title: 'Param' }, { title: 'Value' }], run.params.map(p => [p.key, p.value])))
      ),
      files,
      cells(run),
      table('Data', [{ title: 'Name' }, { title: 'Digest' }], run.datasets.map(d => [d.name, h('code', {}, d.digest)])),
      table('Tags', [{ title: 'Tag' }, { title: 'Value' }], run.tags.map(t => [t.key, t.value]))
    ]
  };
}

function facts(run) {
  const took = duration(run.durationMs);
  return h(
    'p',
    { class: 'facts' },
    state(run.status),
    run.isDeleted ? h('span', { class: 'error' }, 'Deleted') : null,
    h('span', { class: 'faint' }, `started ${time(run.startedMs)}`),
    took === null ? null : h('span', { class: 'faint' }, `took ${took}`),
    run.user === '' ? null : h('span', { class: 'faint' }, `by ${run.user}`),
    run.notebookPath === null ? null : h('span', { class: 'faint' }, `from ${run.notebookPath}`),
    h('code', { class: 'faint' }, run.id)
  );
}

function metrics(run) {
  const hasCurves = run.metrics.some(m => m.count > 1);
  const columns = [{ title: 'Metric' }, { title: 'Last', isNumber: true }, ...(hasCurves ? ['Least', 'Most', 'Points'].map(title => ({ title, isNumber: true })) : [])];
  return table('Metrics', columns, run.metrics.map(m => [m.key, number(m.last), ...(hasCurves ? [number(m.min), number(m.max), String(m.count)] : [])]));
}

function cells(run) {
  return run.cells.length === 0 ? null : section('Cells it came from', run.cells.map(cell => h('p', {}, h('pre', {}, cell.source))));
}

/** The files of a folder; a folder in it opens in place. */
async function folder(runId, path) {
  const query = path === '' ? '' : `?path=${encodeURIComponent(path)}`;
  const { items } = await call(`api/v1/runs/${encodeURIComponent(runId)}/artifacts${query}`);
  const list = h('section', {});
  const show = async inner => list.replaceWith(await folder(runId, inner).catch(error => section('Files', h('p', { class: 'error' }, error.message))));
  const opens = (inner, text) => h('button', { type: 'button', class: 'link', onclick: () => void show(inner) }, text);
  const rows = items.map(item => [item.isFolder ? opens(item.path, `${last(item.path)}/`) : file(runId, item.path), bytes(item.sizeBytes)]);
  const up = path === '' ? [] : [[opens(path.split('/').slice(0, -1).join('/'), '../'), '']];
  const drawn = table(path === '' ? 'Files' : `Files in ${path}`, [{ title: 'Name' }, { title: 'Size', isNumber: true }], [...up, ...rows]);
  list.append(...(drawn ? [...drawn.childNodes] : []));
  return list;
}

function file(runId, path) {
  const url = `api/v1/runs/${encodeURIComponent(runId)}/artifact-file?path=${encodeURIComponent(path)}`;
  return hasToken() ? h('button', { type: 'button', class: 'link', onclick: event => void fetched(event.target, url, path) }, last(path)) : link(url, last(path));
}

async function fetched(button, url, path) {
  await save(url, last(path)).catch(error => button.after(h('span', { class: 'error', role: 'alert' }, ` ${error.message}`)));
}

const last = path => path.slice(path.lastIndexOf('/') + 1);
