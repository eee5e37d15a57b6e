import { PipelineOptions } from '@slipway/schema';
import { carriedOptions, NO_OPTIONS, withStepOptions } from './options-edits';

const OPTIONS = PipelineOptions.parse({
  steps: { load: { timeoutMs: 1_000 }, train: { pool: 'gpu' } },
  humanSteps: [{ name: 'sign off', after: ['train'], before: ['publish'] }]
});

test('what is said of a step goes with it when it is renamed, and so do those who wait for it', () => {
  const carried = carriedOptions(OPTIONS, ['load', 'fit', 'publish'], new Map([['train', ['fit']]]));
  expect(carried.steps).toEqual({ load: { timeoutMs: 1_000 }, fit: { pool: 'gpu' } });
  expect(carried.humanSteps).toMatchObject([{ name: 'sign off', after: ['fit'], before: ['publish'] }]);
});

test('merged steps keep what the first of them says; a person waits for both halves of a split step, and the first waits for the person', () => {
  const merged = carriedOptions(OPTIONS, ['load and train', 'publish'], new Map([['load', ['load and train']], ['train', ['load and train']]]));
  expect(merged.steps).toEqual({ 'load and train': { timeoutMs: 1_000 } });
  const split = carriedOptions(OPTIONS, ['load', 'train', 'train 2', 'publish', 'publish 2'], new Map([['train', ['train', 'train 2']], ['publish', ['publish', 'publish 2']]]));
  expect(split.humanSteps).toMatchObject([{ after: ['train', 'train 2'], before: ['publish'] }]);
});

test('nobody is asked between steps that are gone', () => {
  expect(carriedOptions(OPTIONS, ['load', 'train'], new Map())).toMatchObject({ humanSteps: [] });
});

test('a step of which nothing is said is not named', () => {
  expect(withStepOptions(NO_OPTIONS, 'load', { pool: 'gpu' }).steps).toEqual({ load: { pool: 'gpu' } });
  expect(withStepOptions(OPTIONS, 'load', {}).steps).toEqual({ train: { pool: 'gpu' } });
});
