/** An element with attributes and children; texts are texts, never markup. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) {
      element.addEventListener(key.slice(2), value);
    } else if (value !== undefined && value !== null) {
      element.setAttribute(key, value);
    }
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== ''));
  return element;
}

/** A titled table, or null where there is nothing to tell. Columns: `{ title, isNumber }`. */
export function table(title, columns, rows) {
  if (rows.length === 0) {
    return null;
  }
  const kind = i => (columns[i].isNumber ? { class: 'number' } : {});
  const head = h('tr', {}, columns.map((column, i) => h('th', { scope: 'col', ...kind(i) }, column.title)));
  const body = rows.map(row => h('tr', {}, row.map((cell, i) => h('td', kind(i), cell ?? '–'))));
  return section(title, h('div', { class: 'scroll' }, h('table', {}, h('thead', {}, head), h('tbody', {}, body))));
}

export function section(title, ...children) {
  return h('section', {}, h('h2', {}, title), children);
}

export function link(href, text) {
  return h('a', { href }, text);
}

/** `#/…` with every part escaped. */
export const place = (...parts) => `#/${parts.map(encodeURIComponent).join('/')}`;

const STATES = { FINISHED: 'ok', FAILED: 'failed', KILLED: 'failed', RUNNING: 'busy', SCHEDULED: 'busy' };
export function state(status) {
  return h('span', { class: `state ${STATES[status] ?? ''}` }, status[0] + status.slice(1).toLowerCase());
}

export function number(value) {
  if (typeof value !== 'number') {
    return value === null || value === undefined ? null : String(value); // NaN and the infinities come as words
  }
  return Number.isInteger(value) && Math.abs(value) < 1e9 ? String(value) : Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6 ? String(Number(value.toPrecision(6))) : value.toExponential(4);
}

export function time(ms) {
  return ms ? new Date(ms).toLocaleString() : '–';
}

export function duration(ms) {
  return ms === null ? null : ms < 1000 ? `${Math.round(ms)} ms` : ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

export function bytes(size) {
  const power = size < 1 ? 0 : Math.min(4, Math.floor(Math.log10(size) / 3));
  return size === null ? null : `${Number((size / 1000 ** power).toPrecision(3))} ${['B', 'KB', 'MB', 'GB', 'TB'][power]}`;
}

/** Opens the same thing in JupyterLab, where the daemon knows one. */
export function labLink(labUrl, uri) {
  return labUrl === null ? null : h('a', { class: 'action', href: `${labUrl}/lab?slipway-open=${encodeURIComponent(uri)}` }, 'Open in JupyterLab');
}
