import type { TranslationBundle } from '@jupyterlab/translation';
import type { GateEvaluation, Promotion, VersionChange } from '@slipway/schema';
import { happenings } from './history';

/** As JupyterLab's own without a language: `%1` is the first argument. */
const trans = { __: (text: string, ...given: unknown[]) => text.replace(/%(\d)/g, (_, at: string) => String(given[Number(at) - 1])) } as TranslationBundle;
const at = (minute: number): string => `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`;
const change = (overrides: Partial<VersionChange>): VersionChange => ({ id: '1', kind: 'registered', to: null, from: null, name: null, by: 'owner', at: at(0), ...overrides });
const evaluation: GateEvaluation = { id: 'e', model: 'fraud', version: '2', verdict: 'failed', trigger: 'registered', results: [], evaluatedBy: 'owner', evaluatedAt: at(1), override: null };
const promotion = (overrides: Partial<Promotion>): Promotion => ({ id: 'p', model: 'fraud', version: '2', alias: 'champion', status: 'open', instructions: '', requestedBy: 'token:ann', requestedAt: at(2), expiresAt: at(59), decidedBy: null, decidedAt: null, comment: null, replaced: null, gates: null, ...overrides });

test('what happened stands in one line of time, newest first', () => {
  const list = happenings(trans, {
    changes: [change({}), change({ id: '2', kind: 'alias_set', name: 'champion', to: '2', from: '1', at: at(4), by: 'token:bob' })],
    evaluations: [evaluation],
    promotions: [promotion({ status: 'approved', decidedBy: 'token:bob', decidedAt: at(3), comment: 'looked' })]
  });
  expect(list.map(each => [each.words, each.by])).toEqual([
    ['Became @champion, in place of version 1', 'token:bob'],
    ['Promotion to @champion approved: looked', 'token:bob'],
    ['Promotion to @champion asked for', 'token:ann'],
    ['Gates failed, when it was registered', 'owner'],
    ['Registered', 'owner']
  ]);
});

test('an open promotion has no end, an expired one ends when its time was over', () => {
  const of = (one: Promotion): string[] => happenings(trans, { changes: [], evaluations: [], promotions: [one] }).map(each => `${each.at} ${each.words}`);
  expect(of(promotion({}))).toHaveLength(1);
  expect(of(promotion({ status: 'expired' }))[0]).toBe(`${at(59)} Promotion to @champion expired`);
});
