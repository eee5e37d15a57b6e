import { PipelineOptions } from '@slipway/schema';
import { changesOf, isOnlyOptions, type VersionShape } from './version-changes';

const BEFORE: VersionShape = {
  grouping: [
    { name: 'load', cells: ['imports', 'a'] },
    { name: 'prepare', cells: ['imports', 'b', 'c'] },
    { name: 'train', cells: ['d'] }
  ],
  params: ['SEED'],
  options: PipelineOptions.parse({ steps: { train: { timeoutMs: 1_000 } }, humanSteps: [{ name: 'sign off', after: ['prepare'], before: ['train'] }] })
};

test('nothing changed is no change', () => {
  expect(changesOf(BEFORE, structuredClone(BEFORE))).toEqual([]);
});

test('a rename is one change, and what is said of the step and of people around it is the same', () => {
  const after = structuredClone(BEFORE);
  after.grouping[2]!.name = 'fit';
  after.options = PipelineOptions.parse({ steps: { fit: { timeoutMs: 1_000 } }, humanSteps: [{ name: 'sign off', after: ['prepare'], before: ['fit'] }] });
  expect(changesOf(BEFORE, after)).toEqual([{ kind: 'step_renamed', name: 'fit', before: 'train' }]);
});

test('a split says the new step and the cells that went there; a definition that steps share moves nowhere', () => {
  const after = structuredClone(BEFORE);
  after.grouping.splice(1, 1, { name: 'prepare', cells: ['b'] }, { name: 'prepare 2', cells: ['imports', 'c'] });
  expect(changesOf(BEFORE, after)).toEqual([
    { kind: 'step_added', name: 'prepare 2' },
    { kind: 'cell_moved', cellId: 'c', before: 'prepare', after: 'prepare 2' }
  ]);
});

test('params, options, people and the whole pipeline’s are told one by one; only options need no check', () => {
  const after: VersionShape = { ...BEFORE, params: ['TREES'], options: PipelineOptions.parse({ steps: { train: { when: 'params.TREES > 1' } }, maxActiveRuns: 1, notifications: [{ on: ['failed'], to: { email: ['ml@example.org'] } }] }) };
  const changes = changesOf(BEFORE, after);
  expect(changes).toEqual([
    { kind: 'param_added', name: 'TREES' },
    { kind: 'param_removed', name: 'SEED' },
    { kind: 'option_changed', name: 'train', option: 'timeoutMs', before: '1000', after: null },
    { kind: 'option_changed', name: 'train', option: 'when', before: null, after: 'params.TREES > 1' },
    { kind: 'person_removed', name: 'sign off' },
    { kind: 'option_changed', name: null, option: 'notifications', before: null, after: 'on failed, to email ml@example.org' },
    { kind: 'option_changed', name: null, option: 'maxActiveRuns', before: null, after: '1' }
  ]);
  expect(isOnlyOptions(changes)).toBe(false);
  expect(isOnlyOptions(changes.slice(2))).toBe(true);
});
