import type { Draft, PipelineVersion } from '@slipway/schema';
import { mayRegroup, notebookOf } from './editable-version';

const STEPS = [
  { name: 'load', cells: ['a'], inputs: [], outputs: ['x'], after: [] },
  { name: 'work', cells: ['b', 'c'], inputs: ['x'], outputs: [], after: ['load'] }
];
const VERSION = { kernelName: 'python3', notebookPath: '/n/book.ipynb', steps: STEPS, cells: [{ id: 'a', source: 'x = 1' }] } as unknown as PipelineVersion;
const DRAFT = { steps: [STEPS[1], STEPS[0]] } as unknown as Draft;

test('steps that the cells alone tell may be grouped anew, in whatever order they are listed', () => {
  expect(mayRegroup(VERSION, DRAFT)).toBe(true);
});

test('what a file, a type or a whole notebook says would be lost, and so would an order somebody wrote down', () => {
  expect(mayRegroup({ ...VERSION, notebookPath: '/n/book.pipeline.yaml' }, DRAFT)).toBe(false);
  expect(mayRegroup({ ...VERSION, steps: [STEPS[0]!, { ...STEPS[1]!, types: { x: 'number' } }] }, DRAFT)).toBe(false);
  expect(mayRegroup({ ...VERSION, steps: [{ ...STEPS[0]!, cells: ['load/a'] }, STEPS[1]!] }, DRAFT)).toBe(false);
  expect(mayRegroup({ ...VERSION, steps: [STEPS[0]!, { ...STEPS[1]!, after: [] }] }, DRAFT)).toBe(false);
});

test('a version’s cells are a notebook for its kernel', () => {
  expect(notebookOf(VERSION)).toMatchObject({ metadata: { kernelspec: { name: 'python3' } }, cells: [{ id: 'a', cell_type: 'code', source: 'x = 1' }] });
});
