import { durationMs, prunerOf, spaceOf } from './sweep-space';

test('texts become dimensions, choices of the type the param has', () => {
  const defaults = [{ name: 'depth', value: 3 }, { name: 'kind', value: 'a' }, { name: 'cfg.on', value: true }];
  expect(spaceOf({ 'cfg.lr': 'float:1e-4:0.1:log', n: 'int:10:200:10', depth: 'choice:3,5,None', kind: 'choice:1,b', 'cfg.on': 'choice:true,false' }, defaults)).toEqual({
    'cfg.lr': { type: 'float', low: 1e-4, high: 0.1, log: true },
    n: { type: 'int', low: 10, high: 200, log: false, step: 10 },
    depth: { type: 'choice', values: [3, 5, null] },
    kind: { type: 'choice', values: ['1', 'b'] },
    'cfg.on': { type: 'choice', values: [true, false] }
  });
});

test.each(['float:1', 'float:a:b', 'double:1:2', 'int:1:2:3:4'])('%s is refused', text => {
  expect(() => spaceOf({ x: text }, [])).toThrow(expect.objectContaining({ code: 'bad_argument', exitCode: 2 }));
});

test('pruners and times', () => {
  expect(prunerOf('asha:minResource=2,reductionFactor=3')).toEqual({ kind: 'asha', minResource: 2, reductionFactor: 3 });
  expect(prunerOf('median')).toEqual({ kind: 'median' });
  expect([durationMs('90s'), durationMs('1.5h')]).toEqual([90_000, 5_400_000]);
});
