import fc from 'fast-check';
import { parseGpus } from './gpus';
import { createSlots, type Candidate } from './slots';

const capacity = { cpus: 4, memoryBytes: 8, gpus: ['a', 'b'].map(uuid => ({ uuid, name: 'A100', memoryBytes: 1 })) };
const job = (over: Partial<Candidate> & { id: string }): Candidate => ({ cpus: 1, memoryBytes: 1, gpus: 0, createdAt: new Date(0), ...over });

test('whatever comes and goes, nothing is given out twice', () => {
  const demand = fc.record({ cpus: fc.integer({ min: 1, max: 5 }), memoryBytes: fc.integer({ min: 1, max: 9 }), gpus: fc.integer({ min: 0, max: 3 }) });
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.record({ add: demand }), fc.record({ end: fc.nat(20) })), { maxLength: 60 }), moves => {
      const slots = createSlots(capacity);
      const running = new Map<string, { gpus: string[]; cpus: number; memoryBytes: number }>();
      moves.forEach((move, i) => {
        if ('end' in move) {
          const id = [...running.keys()][move.end];
          if (id !== undefined) {
            slots.release(id);
            running.delete(id);
          }
          return;
        }
        const candidate = job({ id: String(i), ...move.add });
        slots.grant([candidate], new Date(0)).granted.forEach(g => running.set(g.id, { ...move.add, gpus: g.gpus }));
        const all = [...running.values()];
        const gpus = all.flatMap(r => r.gpus);
        expect(new Set(gpus).size).toBe(gpus.length);
        expect(all.reduce((sum, r) => sum + r.cpus, 0)).toBeLessThanOrEqual(capacity.cpus);
        expect(all.reduce((sum, r) => sum + r.memoryBytes, 0)).toBeLessThanOrEqual(capacity.memoryBytes);
      });
    })
  );
});

test('a job that asks for more than the machine has is told so, and does not hold up the others', () => {
  const choice = createSlots(capacity).grant([job({ id: 'huge', gpus: 3 }), job({ id: 'small' })], new Date(0));
  expect(choice).toEqual({ granted: [{ id: 'small', gpus: [] }], infeasible: [{ id: 'huge', reason: 'It asks for 3 GPUs; this machine has only 2.' }] });
});

test('a large job is overtaken for half a minute and not longer', () => {
  const slots = createSlots(capacity);
  slots.grant([job({ id: 'first', cpus: 2 })], new Date(0));
  const queue = [job({ id: 'large', cpus: 4 }), job({ id: 'small' })];
  expect(slots.grant(queue, new Date(60_000)).granted).toEqual([]);
  expect(slots.grant(queue, new Date(10_000)).granted).toEqual([{ id: 'small', gpus: [] }]);
});

test('reads the GPUs of nvidia-smi and passes over what is none', () => {
  expect(parseGpus('0, GPU-1a, NVIDIA A100-SXM4-40GB, 40960\nNo devices were found\n')).toEqual([
    { uuid: 'GPU-1a', name: 'NVIDIA A100-SXM4-40GB', memoryBytes: 40960 * 2 ** 20 }
  ]);
});
