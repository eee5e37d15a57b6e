import fc from 'fast-check';
import { blockedSteps, isFinal, readySteps, runStateOf, withDescendants, type DagStep } from './dag';

/** Any acyclic graph of up to eight steps, as the order of the array makes it. */
const graph = fc.array(fc.array(fc.nat(7), { maxLength: 3 }), { minLength: 1, maxLength: 8 }).map(edges =>
  edges.map((after, i): DagStep => ({ name: `s${i}`, after: [...new Set(after.filter(a => a < i).map(a => `s${a}`))], status: 'waiting' }))
);

test('no step starts before all before it have succeeded, and every run reaches a final state', () => {
  fc.assert(
    fc.property(graph, fc.infiniteStream(fc.constantFrom('succeeded', 'succeeded', 'succeeded', 'failed', 'cancelled' as const)), fc.infiniteStream(fc.nat(100)), (steps, ends, picks) => {
      for (let turns = 0; !isFinal(runStateOf(steps, false)); turns++) {
        expect(turns).toBeLessThan(100);
        for (const step of readySteps(steps)) {
          expect(step.after.map(name => steps.find(s => s.name === name)!.status)).toEqual(step.after.map(() => 'succeeded'));
          step.status = 'queued';
        }
        const queued = steps.filter(s => s.status === 'queued');
        if (queued.length > 0) {
          queued[picks.next().value % queued.length]!.status = ends.next().value as DagStep['status'];
        }
        const blocked = new Set(blockedSteps(steps));
        steps.filter(s => blocked.has(s.name)).forEach(s => (s.status = 'skipped'));
      }
      expect(steps.some(s => ['waiting', 'queued', 'running'].includes(s.status))).toBe(false);
      expect(runStateOf(steps, false) === 'succeeded').toBe(steps.every(s => s.status === 'succeeded'));
    })
  );
});

test('a retry takes the step and all that come after it, and nothing else', () => {
  const steps = [
    { name: 'load', after: [] },
    { name: 'train', after: ['load'] },
    { name: 'plot', after: ['load'] },
    { name: 'evaluate', after: ['train'] }
  ];
  expect(withDescendants(steps, ['train'])).toEqual(['train', 'evaluate']);
});
