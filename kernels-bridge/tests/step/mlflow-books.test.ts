import { readFileSync } from 'node:fs';
import type { LoggedRun } from '../../src';
import { startRuntime, type TestRuntime } from '../runtime';

jest.setTimeout(120_000);

let t: TestRuntime;
beforeAll(async () => {
  t = await startRuntime();
});
afterAll(() => t.stop());

const textOf = ({ files }: LoggedRun, path: string): string => readFileSync(t.blobs.pathOf(files.find(f => f.path === path)!.digest), 'utf8');

test('params, tags, files and runs below are the step’s; a param with another value is MLflow’s error at once; so is a run nobody opened', async () => {
  const before = 'ab'.repeat(16);
  const result = await t.run(
    [
      'import mlflow, os, pathlib\ndef refused(call):\n    try:\n        call()\n    except mlflow.exceptions.MlflowException as error:\n        print(error)',
      'mlflow.log_params({"lr": 0.1, "net/depth": 3})\nmlflow.set_tags({"team": "blue", "gone": "soon"})\nmlflow.delete_tag("gone")\nrefused(lambda: mlflow.log_param("lr", 0.2))',
      'mlflow.log_text("hello", "notes/a.txt")\nmlflow.log_dict({"a": 1}, "b.json")\npathlib.Path("c.bin").write_bytes(bytes(range(256)))\nmlflow.log_artifact("c.bin")\nrefused(lambda: mlflow.log_text("x", "../out.txt"))',
      'with mlflow.start_run(nested=True, run_name="inner"):\n    mlflow.log_param("lr", 0.2)\n    mlflow.log_metric("loss", float("nan"), step=4)',
      'mlflow.log_image(__import__("numpy").zeros((2, 2, 3), dtype="uint8"), key="map", step=1, synchronous=False)',
      'import mlflow.data, numpy\nmlflow.log_input(mlflow.data.from_numpy(numpy.ones(3), name="rows"), context="training")',
      `client = mlflow.MlflowClient()\nclient.log_param("${before}", "a", 1)\nwith mlflow.start_run(run_id="${before}", nested=True):\n    mlflow.set_tag("b", "2")\nrefused(lambda: client.get_run("cd" * 16))`
    ],
    { mlflowRuns: [before] }
  );
  expect(result.error).toBeUndefined();
  expect(result.log).toMatch(/Changing param values is not allowed[^]*Invalid artifact path[^]*Run 'cdcd.*not found/);
  const [own, inner, known] = result.logged!;
  expect(result.logged).toHaveLength(3);
  expect(own).toMatchObject({ params: { lr: '0.1', 'net/depth': '3' }, parentId: null, status: null, tags: { team: 'blue' } });
  expect(own!.tags).not.toHaveProperty('gone');
  expect(own!.files.map(f => f.path)).toEqual(expect.arrayContaining(['notes/a.txt', 'b.json', 'c.bin', expect.stringMatching(/^images\/map/)]));
  expect(textOf(own!, 'notes/a.txt')).toBe('hello');
  expect(own!.datasets).toMatchObject([{ name: 'rows', tags: { 'mlflow.data.context': 'training' } }]);
  expect(inner).toMatchObject({ name: 'inner', parentId: own!.id, status: 'FINISHED', params: { lr: '0.2' }, metrics: { loss: [['NaN', 4, expect.any(Number)]] } });
  expect(known).toMatchObject({ id: before, name: '', params: { a: '1' }, tags: { b: '2' }, status: 'FINISHED' });
});

test('links and what was written past MLflow take nothing of the daemon’s in; secrets are masked; a step that fails keeps what it told', async () => {
  const result = await t.run(
    [
      'import mlflow, os, pathlib',
      'mlflow.log_param("token", os.environ["TOKEN"])\nmlflow.log_text("the " + os.environ["TOKEN"], "said.txt")',
      [
        'run = pathlib.Path(mlflow.get_artifact_uri()[7:])',
        '(run / "passwd").symlink_to("/etc/passwd")\n(run / "root").symlink_to("/")',
        '(run.parent / "params" / "stolen").symlink_to("/etc/passwd")',
        '(run.parent.parent / ("0" * 32)).symlink_to("/")',
        '(run.parent.parent / ("1" * 32)).mkdir()\n(run.parent.parent / ("1" * 32) / "meta.yaml").write_text("a: &a [*a, *a")',
        'raise ValueError("over")'
      ].join('\n')
    ],
    { secrets: { TOKEN: 'hunter-2-hunter' } }
  );
  expect(result.error).toMatchObject({ code: 'cell_failed' });
  expect(result.logged).toHaveLength(1);
  const [own] = result.logged!;
  expect(own!.params).toEqual({ token: '••••••' });
  expect(own!.files.map(f => f.path)).toEqual(['said.txt']);
  expect(textOf(own!, 'said.txt')).toBe('the ••••••');
});
