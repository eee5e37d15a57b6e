import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startApp, until, type RunningApp } from '../../running-app';
import { PYTHON } from '../mlflow-server';

jest.setTimeout(240_000);

const FILES = '/api/2.0/mlflow-artifacts/artifacts';
const MPU = '/api/2.0/mlflow-artifacts/mpu';
const CONTENT = randomBytes(300_000);
let app: RunningApp;
let headers: Record<string, string>;
beforeAll(async () => {
  app = await startApp({ auth: 'token' });
  headers = { authorization: `Bearer ${readFileSync(join(app.home, 'token'), 'utf8').trim()}` };
  expect((await call('PUT', `${FILES}/0/r/artifacts/some.bin`, CONTENT)).status).toBe(200);
});
afterAll(() => app.stop());

function call(method: string, path: string, body?: Buffer | object, more: Record<string, string> = {}): Promise<Response> {
  const isJson = body !== undefined && !Buffer.isBuffer(body);
  return fetch(app.url + path, { method, headers: { ...headers, ...(isJson && { 'content-type': 'application/json' }), ...more }, ...(body !== undefined && { body: isJson ? JSON.stringify(body) : new Uint8Array(body as Buffer) }) });
}

const inParts = { MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD: 'true', MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD: 'true', MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE: '1', MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE: String(5 * 2 ** 20), MLFLOW_MULTIPART_DOWNLOAD_CHUNK_SIZE: String(7 * 2 ** 20) };
test.each<[string, string, Record<string, string>]>([
  ['odd names, empty files and thirty levels', 'odd_names', {}],
  ['a thousand small files', 'many_files', {}],
  ['64 MB in parts and in ranges, several at once', 'large', inParts],
  ['odd names and empty files in parts', 'odd_names', inParts]
])('the real client: %s', async (_what, story, env) => {
  const { stdout, stderr } = await promisify(execFile)(PYTHON, [join(__dirname, 'artifacts_story.py'), story], {
    env: { ...process.env, MLFLOW_TRACKING_URI: app.url, MLFLOW_TRACKING_TOKEN: headers.authorization!.split(' ')[1], GIT_PYTHON_REFRESH: 'quiet', MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR: 'false', MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0', ...env }
  });
  expect([stdout, stderr]).toEqual([expect.stringContaining('story told'), expect.not.stringMatching(/Falling back|Failed/)]);
  expect(leftUploads()).toEqual([]);
});

/** What lies between coming in and being stored. */
function leftUploads(): string[] {
  const incoming = join(app.home, 'artifacts/incoming');
  return readdirSync(incoming, { recursive: true, encoding: 'utf8' }).filter(name => name !== 'uploads');
}

describe('a download', () => {
  const path = `${FILES}/0/r/artifacts/some.bin`;
  const etag = `"${createHash('sha256').update(CONTENT).digest('hex')}"`;

  test('says its length, its etag and that ranges are taken; HEAD says the same without the bytes', async () => {
    for (const method of ['GET', 'HEAD']) {
      const response = await call(method, path);
      expect([response.status, ...['content-length', 'etag', 'accept-ranges'].map(h => response.headers.get(h))]).toEqual([200, '300000', etag, 'bytes']);
      expect(Buffer.from(await response.arrayBuffer())).toEqual(method === 'GET' ? CONTENT : Buffer.alloc(0));
    }
  });

  test.each([
    ['bytes=0-0', 0, 1],
    ['bytes=100000-199999', 100_000, 200_000],
    ['bytes=299999-', 299_999, 300_000],
    ['bytes=-5', 299_995, 300_000],
    ['bytes=299000-999999', 299_000, 300_000]
  ])('of the range %s is 206 with just that', async (range, start, end) => {
    const response = await call('GET', path, undefined, { range });
    expect([response.status, response.headers.get('content-range')]).toEqual([206, `bytes ${start}-${end - 1}/300000`]);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(CONTENT.subarray(start, end));
  });

  test('of a range beyond the end is 416 with the length', async () => {
    const response = await call('GET', path, undefined, { range: 'bytes=300000-' });
    expect([response.status, response.headers.get('content-range')]).toEqual([416, 'bytes */300000']);
    expect(await response.json()).toMatchObject({ error_code: expect.any(String) });
  });

  test('goes on where it broke off while the file is the same, and begins anew once it is another', async () => {
    const same = await call('GET', path, undefined, { range: 'bytes=200000-', 'if-range': etag });
    expect([same.status, (await same.arrayBuffer()).byteLength]).toEqual([206, 100_000]);
    const other = await call('GET', path, undefined, { range: 'bytes=200000-', 'if-range': '"another"' });
    expect([other.status, (await other.arrayBuffer()).byteLength]).toEqual([200, 300_000]);
  });

  test('is not sent again to one who has it', async () => {
    expect((await call('GET', path, undefined, { 'if-none-match': etag, 'cache-control': 'max-age=0' })).status).toBe(304);
  });
});

describe('an upload in parts', () => {
  const target = { path: 'up.bin' };
  const begin = async (parts: number): Promise<{ upload_id: string; credentials: { url: string; part_number: number; headers: Record<string, string> }[] }> => (await call('POST', `${MPU}/create/0/r/artifacts`, { ...target, num_parts: parts })).json();

  test('is joined in the order of its numbers, a resent part as it was named last', async () => {
    const upload = await begin(3);
    const put = async (i: number, text: string): Promise<{ part_number: number; etag: string }> => {
      const { url, headers: own, part_number } = upload.credentials[i]!;
      const response = await fetch(url, { method: 'PUT', headers: own, body: text });
      return { part_number, etag: response.headers.get('etag')! };
    };
    const third = await put(2, 'three');
    await put(0, 'wrong');
    const [first, second] = [await put(0, 'one '), await put(1, 'two ')];
    expect((await call('POST', `${MPU}/complete/0/r/artifacts`, { ...target, upload_id: upload.upload_id, parts: [third, first, second] })).status).toBe(200);
    expect(await (await call('GET', `${FILES}/0/r/artifacts/up.bin`)).text()).toBe('one two three');
    expect((await call('POST', `${MPU}/complete/0/r/artifacts`, { ...target, upload_id: upload.upload_id, parts: [first] })).status).toBe(404);
  });

  test('with a part that is missing, named twice, or of another upload is refused and can be completed still', async () => {
    const { upload_id, credentials } = await begin(1);
    const etag = (await fetch(credentials[0]!.url, { method: 'PUT', headers: credentials[0]!.headers, body: 'x' })).headers.get('etag')!;
    const complete = async (parts: object[], path = 'up.bin'): Promise<number> => (await call('POST', `${MPU}/complete/0/r/artifacts`, { path, upload_id, parts })).status;
    const part = { part_number: 1, etag };
    expect(await Promise.all([complete([]), complete([part, part]), complete([part, { part_number: 2, etag }]), complete([{ part_number: 1, etag: '../../target' }]), complete([part], 'other.bin')])).toEqual([400, 400, 400, 400, 400]);
    expect(await complete([part])).toBe(200);
  });

  test('aborted leaves nothing; unknown ids, numbers, paths and callers are refused', async () => {
    const { upload_id, credentials } = await begin(2);
    await fetch(credentials[0]!.url, { method: 'PUT', headers: credentials[0]!.headers, body: 'x' });
    expect((await fetch(credentials[0]!.url, { method: 'PUT', body: 'x' })).status).toBe(401);
    const parts = `${MPU}/parts/${upload_id}`;
    const statuses = await Promise.all(['0', '10001', 'x', '1.5'].map(async n => (await call('PUT', `${parts}/${n}`, Buffer.from('x'))).status));
    expect(statuses).toEqual([400, 400, 400, 400]);
    expect((await call('POST', `${MPU}/abort/0/r/artifacts`, { ...target, upload_id })).status).toBe(200);
    expect((await call('PUT', `${parts}/1`, Buffer.from('x'))).status).toBe(404);
    expect((await call('PUT', `${MPU}/parts/..%2f..%2fx/1`, Buffer.from('x'))).status).toBe(404);
    for (const body of [{}, { path: '..', num_parts: 1 }, { path: 'a', num_parts: 10_001 }, { path: 'a', num_parts: 'x' }]) {
      expect([body, (await call('POST', `${MPU}/create/0/r/artifacts`, body)).status]).toEqual([body, 400]);
    }
    expect((await call('POST', `${MPU}/create/0/r/..%2f..%2fx`, target)).status).toBe(400);
    expect(leftUploads()).toEqual([]);
  });
});

test('names that mean something in a URL come back as they went', async () => {
  for (const name of ['q?x#y.txt', '50%25.txt', '%', 'a%2Bb', '&amp;', "'\"<script>"]) {
    const path = `${FILES}/0/names/artifacts/${encodeURIComponent(name)}`;
    expect((await call('PUT', path, Buffer.from(name))).status).toBe(200);
    expect(await (await call('GET', path)).text()).toBe(name);
  }
  expect(((await (await call('GET', `${FILES}?path=0/names/artifacts`)).json()) as { files: { path: string }[] }).files).toHaveLength(6);
});

test('an upload that breaks off in the middle leaves nothing', async () => {
  const broken = new AbortController();
  const body = new ReadableStream({
    async pull(stream) {
      stream.enqueue(new Uint8Array(100_000));
      await sleep(10);
    }
  });
  setTimeout(() => broken.abort(), 300);
  await expect(fetch(`${app.url}${FILES}/0/r/artifacts/half.bin`, { method: 'PUT', headers, body, duplex: 'half', signal: broken.signal } as RequestInit)).rejects.toThrow();
  await until(() => leftUploads().length === 0);
  expect((await call('GET', `${FILES}/0/r/artifacts/half.bin`)).status).toBe(404);
});
