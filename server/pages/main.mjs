import { call, forgetToken, hasToken, setToken } from './call.mjs';
import { h, link } from './draw.mjs';
import { drawExperiment, drawHome } from './lists.mjs';
import { drawLoggedModel, drawModel, drawVersion } from './models.mjs';
import { placeOf } from './place.mjs';
import { drawRun } from './run.mjs';

const DRAWN_BY = { home: drawHome, run: drawRun, experiment: drawExperiment, model: drawModel, version: drawVersion, 'logged-model': drawLoggedModel };
const view = document.getElementById('view');
let asked = 0;

/** Draws what the fragment names; an answer that comes after the next question is dropped. */
async function show() {
  const turn = ++asked;
  view.setAttribute('aria-busy', 'true');
  const page = await drawn(placeOf(location.hash));
  if (turn === asked) {
    document.title = `${page.title} · Slipway`;
    view.replaceChildren(...page.nodes.filter(node => node !== null));
    view.removeAttribute('aria-busy');
    view.querySelector('[autofocus]')?.focus();
  }
}

async function drawn(place) {
  const draw = DRAWN_BY[place.kind];
  if (draw === undefined) {
    return { title: 'Not found', nodes: [h('h1', {}, 'There is no such page'), h('p', {}, 'Runs, experiments and models have pages here. ', link('#/', 'See all experiments'), '.')] };
  }
  try {
    const { labUrl } = await call('api/v1/lab');
    return await draw(place, labUrl);
  } catch (error) {
    return error.status === 401 ? askForToken() : refused(error);
  }
}

function refused(error) {
  const other = hasToken() && error.status === 403 ? h('button', { type: 'button', class: 'link', onclick: () => (forgetToken(), void show()) }, 'Use another token') : null;
  return { title: 'Not shown', nodes: [h('h1', {}, error.status === 404 ? 'It is not here' : 'It cannot be shown'), h('p', { class: 'error', role: 'alert' }, error.message), h('p', {}, other ?? link('#/', 'See all experiments'))] };
}

function askForToken() {
  const wasWrong = hasToken();
  forgetToken();
  const input = h('input', { id: 'token', name: 'token', type: 'password', autocomplete: 'off', spellcheck: 'false', required: '', autofocus: '' });
  const enter = event => {
    event.preventDefault();
    setToken(input.value.trim());
    void show();
  };
  return {
    title: 'Token',
    nodes: [
      h(
        'div',
        { class: 'card' },
        h('h1', {}, 'This Slipway asks for a token'),
        h('p', {}, 'The owner’s is in the file ', h('code', {}, 'token'), ' of Slipway’s home, by default ', h('code', {}, '~/.slipway/token'), '. In JupyterLab no token is needed: the same runs are under Experiments there.'),
        wasWrong ? h('p', { class: 'error', role: 'alert' }, 'That token is unknown, expired or revoked.') : null,
        h('label', { for: 'token' }, 'Token'),
        h('form', { onsubmit: enter }, input, h('button', { class: 'main', type: 'submit' }, 'Show')),
        h('p', { class: 'faint' }, 'It stays in this tab, and is gone when you close it.')
      )
    ]
  };
}

window.addEventListener('hashchange', () => void show());
void show();
