import { startApp, type RunningApp } from '../../running-app';
import { startMlflow, type MlflowServer } from '../mlflow-server';
import { tell } from './exchange';
import { STORIES } from './stories';

jest.setTimeout(120_000);

let ours: RunningApp;
let theirs: MlflowServer;

beforeAll(async () => {
  [ours, theirs] = await Promise.all([startApp(), startMlflow()]);
});
afterAll(async () => {
  theirs.stop();
  await ours.stop();
});

test.each(Object.keys(STORIES))('%s: the same answers as from MLflow’s own server', async name => {
  const story = STORIES[name]!;
  const [expected, actual] = await Promise.all([tell(theirs.url, story), tell(ours.url, story)]);
  for (const [i, { method, path, body, differs }] of story.entries()) {
    const asked = `${method} ${path} ${JSON.stringify(body)?.slice(0, 200) ?? ''}`;
    if (differs === undefined) {
      expect({ asked, ...actual[i] }).toEqual({ asked, ...expected[i] });
    } else {
      expect({ asked, ...actual[i] }).not.toEqual({ asked, ...expected[i] }); // else the reason has gone
      expect(actual[i]!.status).toBeLessThan(500);
    }
  }
});
