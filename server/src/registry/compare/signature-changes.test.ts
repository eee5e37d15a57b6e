import { signatureChanges } from './signature-changes';

const column = (name: string | null, type = 'double', required = true) => ({ name, type, required });
const signature = (inputs: ReturnType<typeof column>[], outputs: ReturnType<typeof column>[] = []) => ({ inputs, outputs });

test.each([
  ['a new required input breaks callers', signature([column('a'), column('b')]), signature([column('a')]), { column: 'b', candidate: 'double', champion: null, isBreaking: true }],
  ['a new optional one does not', signature([column('b', 'long', false)]), signature([]), { column: 'b', candidate: 'long, optional', champion: null, isBreaking: false }],
  ['an input that is gone is left out', signature([]), signature([column('a')]), { column: 'a', candidate: null, isBreaking: false }],
  ['another type breaks', signature([column('a', 'string')]), signature([column('a')]), { column: 'a', candidate: 'string', champion: 'double', isBreaking: true }],
  ['required now breaks', signature([column('a')]), signature([column('a', 'double', false)]), { champion: 'double, optional', isBreaking: true }],
  ['optional now does not', signature([column('a', 'double', false)]), signature([column('a')]), { isBreaking: false }],
  ['columns without names go by place', signature([column(null, 'long')]), signature([column(null)]), { column: '#0', isBreaking: true }],
  ['an output that is gone breaks', signature([], []), signature([], [column('p')]), { part: 'outputs', column: 'p', isBreaking: true }],
  ['a new output does not', signature([], [column('p'), column('q')]), signature([], [column('p')]), { part: 'outputs', column: 'q', isBreaking: false }]
])('%s', (_what, candidate, champion, change) => {
  expect(signatureChanges(candidate, champion)).toEqual([expect.objectContaining(change)]);
});

test('the same is not told; where one has none, nothing can be said of callers', () => {
  const one = signature([column('a')], [column(null)]);
  expect(signatureChanges(one, structuredClone(one))).toEqual([]);
  expect(signatureChanges(one, null).map(c => c.isBreaking)).toEqual([false, false]);
});
