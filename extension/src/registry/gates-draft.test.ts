import { ModelGates } from '@slipway/schema';
import { draftOf, readDraft, type GatesDraft } from './gates-draft';

const nothing = draftOf(ModelGates.parse({}));
const draft = (overrides: Partial<GatesDraft>): GatesDraft => ({ ...nothing, ...overrides });

test('gates become a draft and back without a change', () => {
  const gates = ModelGates.parse({
    thresholds: [{ metric: 'accuracy', comparator: '>=', value: 0.9 }],
    notWorseThanChampion: [
      { metric: 'loss', direction: 'lower', tolerance: 0.01 },
      { metric: 'accuracy', direction: 'higher', slices: ['country', 'age group'], minRows: 30 },
      { metric: 'recall', direction: 'higher', slices: true }
    ],
    requiredTags: [{ key: 'checked', value: 'yes' }, { key: 'owner' }],
    requiredTests: ['fairness', 'unit/api'],
    maxSizeBytes: 12_500_000,
    latency: { p95Ms: 20, requests: 100 },
    requireApproval: true,
    selfApproval: true
  });
  expect(readDraft(draftOf(gates))).toEqual({ gates, problems: new Map() });
  expect(readDraft(nothing).gates).toEqual(ModelGates.parse({}));
});

test('every wrong field is told at once, by its path', () => {
  const { gates, problems } = readDraft(
    draft({
      thresholds: [{ metric: ' ', comparator: '>=', value: 'high' }, { metric: 'f1', comparator: '<', value: '' }],
      notWorse: [{ metric: 'loss', direction: 'lower', tolerance: '-1', slices: 'some', columns: ' , ', minRows: '2.5' }],
      tags: [{ key: '', value: 'x' }],
      tests: ['all/right', 'no: colons'],
      maxSizeMb: '0',
      latencyMs: '20',
      latencyRequests: '5'
    })
  );
  expect(gates).toBeNull();
  expect(Object.fromEntries(problems)).toEqual({
    'thresholds.0.metric': 'needed',
    'thresholds.0.value': 'number',
    'thresholds.1.value': 'needed',
    'notWorse.0.tolerance': 'negative',
    'notWorse.0.columns': 'needed',
    'notWorse.0.minRows': 'whole',
    'tags.0.key': 'needed',
    'tests.1': 'test_name',
    maxSizeMb: 'negative',
    latencyRequests: 'requests'
  });
});

test('what is given with gates that are off is not in the way', () => {
  expect(readDraft(draft({ latencyMs: '', latencyRequests: '7' })).gates?.latency).toBeNull();
  expect(readDraft(draft({ notWorse: [{ metric: 'm', direction: 'higher', tolerance: '', slices: 'none', columns: '', minRows: 'x' }] })).gates?.notWorseThanChampion[0]).toMatchObject({ slices: false, minRows: null });
});
