import { EditHistory } from './edit-history';
import { mergeSteps, moveCell, renameStep, splitStep } from './grouping';

const STEPS = [
  { name: 'load', cells: ['a'] },
  { name: 'prepare', cells: ['b', 'd'] },
  { name: 'train', cells: ['c', 'e'] }
];
const ORDER = ['a', 'b', 'c', 'd', 'e'];

test('merged steps stand where the first stood, their cells in the notebook’s order', () => {
  expect(mergeSteps(STEPS, new Set(['prepare', 'train']), ORDER)).toEqual([
    { name: 'load', cells: ['a'] },
    { name: 'prepare and train', cells: ['b', 'c', 'd', 'e'] }
  ]);
});

test('a step is cut before the chosen cell, and both halves have names of their own', () => {
  expect(splitStep(STEPS, 'e').slice(2)).toEqual([{ name: 'train', cells: ['c'] }, { name: 'train 2', cells: ['e'] }]);
  expect(splitStep(STEPS, 'c')).toEqual(STEPS);
});

test('a cell moves to another step in the notebook’s order, and a step without cells is gone', () => {
  expect(moveCell(STEPS, 'b', 'train', ORDER)).toEqual([STEPS[0], { name: 'prepare', cells: ['d'] }, { name: 'train', cells: ['b', 'c', 'e'] }]);
  expect(moveCell(STEPS, 'a', 'prepare', ORDER)).toEqual([{ name: 'prepare', cells: ['a', 'b', 'd'] }, STEPS[2]]);
  expect(moveCell(STEPS, 'a', 'load', ORDER)).toBe(STEPS);
  expect(moveCell(STEPS, 'a', 'nowhere', ORDER)).toBe(STEPS);
});

test('a taken or empty name is refused', () => {
  expect(renameStep(STEPS, 'load', 'train')).toEqual(STEPS);
  expect(renameStep(STEPS, 'load', ' ')).toEqual(STEPS);
  expect(renameStep(STEPS, 'load', ' read ')[0]!.name).toBe('read');
});

test('a merge undone and done again, and a new edit forgets what was undone', () => {
  const history = new EditHistory<number>(1);
  history.push(2);
  history.push(3);
  expect([history.undo(), history.undo(), history.undo(), history.redo()]).toEqual([2, 1, 1, 2]);
  history.push(9);
  expect(history.redo()).toBe(9);
});
