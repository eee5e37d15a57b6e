import type { TriggerSpec } from '@slipway/schema';
import { argsOf, draftOf, isReadable, NEW_SOURCE, pointersOf, secondsOf, whenOf, withoutSource, withSource, type SourceDraft } from './trigger-draft';

const WHEN: TriggerSpec['when'] = {
  any: [
    { all: [{ kind: 'files', glob: '/in/*.csv', settleMs: 9_000 }, { kind: 'pipeline', pipeline: 'etl', on: 'any' }] },
    { all: [{ kind: 'query', sqlite: '/db.sqlite', sql: 'select 1', args: [7], everyMs: 5_000 }, { kind: 'event', type: 'model_version.created' }, { kind: 'webhook', verify: 'token', branch: 'main' }] }
  ]
};

test('what is read into the form and written again is the same, what the form does not show included', () => {
  expect(whenOf(draftOf(WHEN))).toEqual(WHEN);
});

test('a source that became another kind begins with that kind’s own', () => {
  const was = draftOf(WHEN)[1]![0]!;
  const draft = withSource(draftOf(WHEN), 1, 0, { ...was, kind: 'files', texts: ['/out/*', ''] });
  expect(whenOf(draft).any[1]!.all[0]).toEqual({ kind: 'files', glob: '/out/*', settleMs: 2_000 });
  expect(whenOf([[{ kind: 'postgres', texts: ['warehouse', 'select 1'] }]]).any[0]!.all[0]).toEqual({ kind: 'query', postgres: { secret: 'warehouse' }, sql: 'select 1', args: [], everyMs: 60_000 });
  expect(whenOf([[{ kind: 'webhook', texts: ['', ''] }]]).any[0]!.all[0]).toEqual({ kind: 'webhook', verify: 'github' });
});

test('how long a file must rest, how often a query is asked and with which values are shown, and changed', () => {
  const [[files], [query]] = draftOf(WHEN) as [[SourceDraft], [SourceDraft]];
  expect([secondsOf(files), argsOf(files)]).toEqual(['9', null]);
  expect([secondsOf(query), argsOf(query)]).toEqual(['5', '7']);
  expect(secondsOf(NEW_SOURCE)).toBe('2');
  expect(whenOf([[{ ...files, seconds: '0.5' }]]).any[0]!.all[0]).toEqual({ kind: 'files', glob: '/in/*.csv', settleMs: 500 });
  expect(whenOf([[{ ...query, seconds: '60', args: '8, "a,b", null' }]]).any[0]!.all[0]).toMatchObject({ args: [8, 'a,b', null], everyMs: 60_000 });
  expect([files, { ...files, seconds: 'soon' }, { ...query, args: 'north' }, { ...query, args: '[1]' }].map(isReadable)).toEqual([true, false, false, false]);
});

test('bindings are offered what the sources hand on', () => {
  expect(pointersOf(draftOf(WHEN))).toEqual(expect.arrayContaining(['/data/files/0', '/data/runId', '/data/rows/0/0', '/data/ref']));
  expect(pointersOf([[NEW_SOURCE], [NEW_SOURCE]])).toEqual(['/data/files/0']);
});

test('what is emptied is said no more', () => {
  const [group] = draftOf({ any: [{ all: [{ kind: 'event', type: 'a', subject: 'b' }] }] });
  expect(whenOf([[{ ...group![0]!, texts: ['a', ' '] }]]).any[0]!.all[0]).toEqual({ kind: 'event', type: 'a' });
});

test('a group without sources is gone, and the last source stays', () => {
  const draft = draftOf(WHEN);
  expect(whenOf(withoutSource(draft, 0, 0)).any[0]!.all).toHaveLength(1);
  expect(whenOf(withoutSource(draft.slice(0, 1), 0, 1)).any).toHaveLength(1);
  expect(whenOf(withoutSource([[NEW_SOURCE], [NEW_SOURCE]], 1, 0)).any).toHaveLength(1);
  expect(withoutSource([[NEW_SOURCE]], 0, 0)).toEqual([[NEW_SOURCE]]);
});
