import { dimensionOf, fieldsFor, fieldsOf, gridPoints } from './dimension-fields';

test('fields begin around the value a param has', () => {
  expect(fieldsFor(100)).toMatchObject({ kind: 'fixed', low: '50', high: '200', isLog: false });
  expect(fieldsFor(0.01)).toMatchObject({ low: '0.001', high: '0.1', isLog: true });
  expect(fieldsFor(-2)).toMatchObject({ low: '-4', high: '-1' });
  expect(fieldsFor(true)).toMatchObject({ choices: 'true, false' });
});

test.each([
  { type: 'float', low: 0.001, high: 0.1, log: true },
  { type: 'float', low: 0, high: 1, log: false, step: 0.25 },
  { type: 'int', low: 1, high: 9, log: false, step: 2 }
] as const)('a dimension is the same after the form: %j', dimension => {
  expect(dimensionOf(fieldsOf(dimension), 1)).toEqual(dimension);
});

test('choices are of the type the param has; what cannot be read is no dimension', () => {
  const fields = fieldsFor(3);
  expect(dimensionOf({ ...fields, kind: 'choice', choices: '3, 5,None' }, 3)).toEqual({ type: 'choice', values: [3, 5, null] });
  expect(dimensionOf({ ...fields, kind: 'choice', choices: '3, x' }, 3)).toBeNull();
  expect(dimensionOf({ ...fields, kind: 'int', low: '1.5', high: '3' }, 3)).toBeNull();
  expect(dimensionOf({ ...fields, kind: 'float', low: '2', high: '1' }, 3)).toBeNull();
  expect(dimensionOf(fields, 3)).toBeNull();
});

test('points of a grid', () => {
  const [float, int, choice] = [{ type: 'float', low: 0, high: 1, log: false, step: 0.1 }, { type: 'int', low: 1, high: 8, log: false, step: 3 }, { type: 'choice', values: ['a', 'b'] }] as const;
  expect(gridPoints([float, int, { ...choice, values: ['a', 'b'] }])).toBe(11 * 3 * 2);
  expect(gridPoints([{ type: 'float', low: 0, high: 1, log: false }])).toBeNull();
});
