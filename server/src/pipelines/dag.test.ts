import fc from 'fast-check';
import type { RunIf } from '@slipway/schema';
import { byName, isFinal, isOver, judge, runStateOf, withDescendants, type DagStep } from './dag';

const RUN_IF: RunIf[] = ['all_succeeded', 'all_succeeded', 'any_succeeded', 'any_failed', 'all_failed', 'none_failed', 'all_done'];

/** Any acyclic graph of up to eight steps, as the order of the array makes it. */
const graphOf = (runIfs: readonly RunIf[]) =>
  fc.array(fc.record({ after: fc.array(fc.nat(7), { maxLength: 3 }), runIf: fc.constantFrom(...runIfs) }), { minLength: 1, maxLength: 8 }).map(nodes =>
    nodes.map(({ after, runIf }, i): DagStep => ({ name: `s${i}`, after: [...new Set(after.filter(a => a < i).map(a => `s${a}`))], runIf, status: 'waiting' }))
  );
const ends = fc.infiniteStream(fc.constantFrom('succeeded', 'succeeded', 'succeeded', 'failed', 'cancelled' as const));

/** Steps that may start. */
function readySteps<S extends DagStep>(steps: readonly S[]): S[] {
  const known = byName(steps);
  return steps.filter(s => s.status === 'waiting' && judge(s, known).kind === 'go');
}

/** Lets the steps run in any order, each ending in any way, until none is left. */
function play(steps: DagStep[], end: Iterator<DagStep['status']>, pick: Iterator<number>, onStart: (step: DagStep) => void): void {
  for (let turns = 0; !isFinal(runStateOf(steps, false)); turns++) {
    expect(turns).toBeLessThan(100);
    for (const step of readySteps(steps)) {
      onStart(step);
      step.status = 'queued';
    }
    const queued = steps.filter(s => s.status === 'queued');
    if (queued.length > 0) {
      queued[(pick.next().value as number) % queued.length]!.status = end.next().value as DagStep['status'];
    }
    for (const step of steps.filter(s => s.status === 'waiting')) {
      const verdict = judge(step, byName(steps));
      if (verdict.kind === 'skip') {
        expect(verdict.because).not.toBe('');
        Object.assign(step, { status: 'skipped', skipCode: verdict.code });
      }
    }
  }
  expect(steps.every(s => isOver(s.status))).toBe(true);
}

test('no step starts before all before it have succeeded, and every run reaches a final state', () => {
  fc.assert(
    fc.property(graphOf(['all_succeeded']), ends, fc.infiniteStream(fc.nat(100)), (steps, end, pick) => {
      play(steps, end, pick, step => expect(step.after.map(name => steps.find(s => s.name === name)!.status)).toEqual(step.after.map(() => 'succeeded')));
      expect(runStateOf(steps, false) === 'succeeded').toBe(steps.every(s => s.status === 'succeeded'));
    })
  );
});

test('whatever the steps run on, each starts once all before it are over, and every run reaches a final state', () => {
  fc.assert(
    fc.property(graphOf(RUN_IF), ends, fc.infiniteStream(fc.nat(100)), (steps, end, pick) => {
      play(steps, end, pick, step => expect(step.after.every(name => isOver(steps.find(s => s.name === name)!.status))).toBe(true));
      expect(runStateOf(steps, false) === 'succeeded').toBe(!steps.some(s => s.status === 'failed' || s.status === 'cancelled'));
    })
  );
});

test('a step left out by a condition does not count as failed for those after it', () => {
  const steps: DagStep[] = [
    { name: 'a', after: [], status: 'skipped', skipCode: 'branch' },
    { name: 'b', after: [], status: 'succeeded' },
    { name: 'join', after: ['a', 'b'], runIf: 'none_failed', status: 'waiting' },
    { name: 'plain', after: ['a', 'b'], status: 'waiting' }
  ];
  expect(judge(steps[2]!, byName(steps))).toEqual({ kind: 'go' });
  expect(judge(steps[3]!, byName(steps))).toMatchObject({ kind: 'skip', code: 'before_skipped', because: expect.stringContaining('`a`') });
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
