import { beyondAllowance, lackingLicence } from './allowance';
import type { Allocation } from './book';
import { licencesOf } from './demand';
import type { JobQueue } from './queue';
import { Scene } from './scene';
import type { ClusterState } from './state';
import { createTurns } from './turns';

/**
 * Which of the queued jobs an engine is given, at most `room` of them: whose
 * turn it is, as on the nodes, while their projects keep their limits and
 * their licences last. Where the engine places them is its own affair.
 */
export function handOver(state: ClusterState, queue: JobQueue, room: number, now: number): { jobId: string; allocation: Allocation }[] {
  const scene = new Scene(state, now);
  const turns = createTurns(scene, queue);
  const given: { jobId: string; allocation: Allocation }[] = [];
  for (let turn = turns.next(); turn && given.length < room; turn = turns.next()) {
    if ((beyondAllowance(scene, turn.line) ?? lackingLicence(scene, turn.line.demand)) !== null) {
      turns.close();
      continue;
    }
    const allocation = { parts: [], licences: licencesOf(turn.line.demand) };
    scene.start(turn.job, allocation);
    given.push({ jobId: turn.job.id, allocation });
    turns.started();
  }
  return given;
}
