import { readParams } from './params-form';

const PARAMS = [
  { name: 'trees', value: 100, cellId: 'a' },
  { name: 'SCALE', value: true, cellId: 'a' },
  { name: 'target', value: 'y', cellId: 'a' }
];

test('only what differs from the pipeline’s own value is sent, in its own type', () => {
  expect(readParams(PARAMS, { trees: '200', SCALE: 'false', target: 'y' })).toEqual({ trees: 200, SCALE: false });
  expect(readParams(PARAMS, {})).toEqual({});
});

test('a number that is none is refused', () => {
  expect(readParams(PARAMS, { trees: 'many' })).toBeNull();
  expect(readParams(PARAMS, { trees: ' ' })).toBeNull();
});
