/** The token of this tab; it goes when the tab closes, and never stands in a URL. */
const KEY = 'slipway-token';

export const hasToken = () => sessionStorage.getItem(KEY) !== null;
export const setToken = token => sessionStorage.setItem(KEY, token);
export const forgetToken = () => sessionStorage.removeItem(KEY);

/** What the daemon answered where it did not do what was asked. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Calls the daemon's API. @throws {Refused} */
export async function call(path, body) {
  const response = await send(path, body);
  return response.json();
}

/** Fetches a file with the token, which a plain link cannot carry, and hands it to the browser to save. */
export async function save(path, name) {
  const url = URL.createObjectURL(await (await send(path)).blob());
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

async function send(path, body) {
  const token = sessionStorage.getItem(KEY);
  const headers = { ...(token !== null && { authorization: `Bearer ${token}` }), ...(body && { 'content-type': 'application/json' }) };
  const response = await fetch(path, { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }) }).catch(() => {
    throw new Refused(0, 'Slipway does not answer. Start it with `npx slipway start`, then load this page again.');
  });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Refused(response.status, problem.detail ?? problem.message ?? `The daemon answered ${response.status}.`);
  }
  return response;
}
