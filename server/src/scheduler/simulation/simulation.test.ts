import { jain, simulate } from './simulate';
import { readTrace } from './trace';

const shape = { nodes: 1, cpusPerNode: 8, gpusPerNode: 2, memoryGibPerNode: 64, gpuType: 'A100' };

test('a CSV trace has a header; faults name their line', () => {
  const [job] = readTrace('submit_s,run_s,project,gpus,gpu_types,limit_s\n5,60,vision,2,H100|A100,90\n');
  expect(job).toMatchObject({ submittedAt: 5_000, runMs: 60_000, estimateMs: 90_000, project: 'vision', demand: { gpus: 2, gpuTypes: ['H100', 'A100'], ranks: 1 } });
  expect(() => readTrace('submit_s,run_s,colour\n1,2,red')).toThrow('Line 1: the column colour is not known');
  expect(() => readTrace('submit_s,run_s\n1,2\n1,soon')).toThrow('Line 3: run_s is not a number: soon');
  expect(() => readTrace('submit_s,run_s,gpus\n1,2,1.5')).toThrow('Line 2: gpus: Whole GPUs, or a share of one below 1');
});

test('a trace of the Standard Workload Format is read by its fields, and jobs that never ran are left out', () => {
  const jobs = readTrace('; Version: 2.2\n1 10 -1 60 4 -1 -1 4 120 -1 1 7 1 -1 -1 -1 -1 -1\n2 20 -1 0 4 -1 -1 4 120 -1 0 7 1 -1 -1 -1 -1 -1\n');
  expect(jobs).toMatchObject([{ id: '1', submittedAt: 10_000, runMs: 60_000, estimateMs: 120_000, project: 'user 7', demand: { ranks: 4, cpus: 1 } }]);
});

test('waiting, slowdown and utilisation of a queue that can be worked out by hand', () => {
  const jobs = readTrace('submit_s,run_s,gpus\n0,100,2\n0,100,2\n');
  for (const policy of ['slipway', 'fifo-easy'] as const) {
    expect(simulate(jobs, shape, policy)).toMatchObject({ jobs: 2, makespanS: 200, utilisation: 1, meanWaitS: 50, meanBoundedSlowdown: 1.5, fairness: 1, preemptions: 0 });
  }
});

test('Jain’s index is 1 when all fare alike and 1/n when one has all', () => {
  expect(jain([3, 3, 3])).toBeCloseTo(1);
  expect(jain([1, 0, 0, 0])).toBeCloseTo(0.25);
});
