import { beyondAllowance, lackingLicence } from './allowance';
import type { Blocked, Decisions } from './decision';
import type { Demand } from './demand';
import { awaited, whyNever } from './feasibility';
import { NOTHING_CLOSED, place } from './placement';
import { victimsFor } from './preemption';
import { protect, type Protection } from './protection';
import type { JobQueue, Line, QueuedJob } from './queue';
import { createRoomFinder } from './room-finder';
import { Scene } from './scene';
import type { ClusterState } from './state';
import { createTurns } from './turns';

/** Searching for victims is the dear part of a round: so many at most that find some, and that find none. */
const VICTIM_SEARCHES = { found: 4, failed: 12 };

/**
 * What to do now: who starts where, who is told to stop for whom, who never
 * can. Whose turn it is decides fairness between projects and rank within one;
 * a job whose turn has come and who finds no room gets room kept, and from
 * then on others start only where they do not delay it (backfill).
 */
export function decide(state: ClusterState, queue: JobQueue, now: number): Decisions {
  const round = new Round(state, queue, now);
  round.clearReservations();
  round.run();
  return round.decisions;
}

class Round {
  readonly decisions: Decisions = { starts: [], preempts: [], infeasible: [], blocked: new Map(), keptFor: new Map() };
  private readonly scene: Scene;
  private readonly protections: Protection[] = [];
  private readonly rooms: ReturnType<typeof createRoomFinder>;
  /** For whom nobody would leave: by demand and project, the highest priority asked about. */
  private readonly unmoved = new Map<Demand, Map<string, number>>();
  private readonly searches = { found: 0, failed: 0 };
  private readonly hasDrained: boolean;

  constructor(
    private readonly state: ClusterState,
    private readonly queue: JobQueue,
    private readonly now: number
  ) {
    this.scene = new Scene(state, now);
    this.rooms = createRoomFinder(this.scene, this.protections);
    this.hasDrained = state.topology.nodes.some(n => n.isDrained);
  }

  run(): void {
    const turns = createTurns(this.scene, this.queue);
    for (let turn = turns.next(); turn; turn = turns.next()) {
      const { line, job } = turn;
      const never = whyNever(line.demand, this.state.topology, line.isPreemptible);
      if (never !== null) {
        this.decisions.infeasible.push({ jobIds: line.jobs.map(j => j.id), reason: never });
        turns.close();
        continue;
      }
      const away = awaited(line.demand, this.state.topology, line.isPreemptible);
      const blocked: Blocked | null = away ? { kind: 'away', nodes: away } : this.tryStart(line, job);
      if (blocked) {
        this.decisions.blocked.set(line.key, blocked);
      }
      if (blocked && !isComing(blocked)) {
        turns.close();
      } else {
        turns.started();
      }
    }
  }

  /** Tells preemptible jobs to leave what is another project's from now on. */
  clearReservations(): void {
    for (const job of [...this.scene.running.values()]) {
      if (job.stoppingSince !== null || !job.isPreemptible) {
        continue;
      }
      const closed = this.scene.closedTo({ project: job.project, isPreemptible: true, estimateMs: 1 }, this.now);
      const isShut = (part: (typeof job.allocation.parts)[number]): boolean => {
        const shut = this.state.othersNodes.has(part.nodeId) ? undefined : closed.get(part.nodeId);
        return shut === 'all' || (shut !== undefined && part.devices.some(d => shut.has(d.id)));
      };
      if (job.allocation.parts.some(isShut)) {
        this.scene.stop(job);
        this.decisions.preempts.push({ jobId: job.id, forJob: null, reason: 'reservation' });
      }
    }
  }

  private tryStart(line: Line, job: QueuedJob): Blocked | null {
    const { scene } = this;
    const beyond = beyondAllowance(scene, line);
    if (beyond !== null) {
      return beyond;
    }
    const allocation = this.rooms.find(line);
    if (allocation === null) {
      return this.blocked(line, job);
    }
    this.rooms.take(line, allocation);
    scene.start(job, allocation);
    this.decisions.starts.push({ jobId: job.id, allocation });
    return null;
  }

  private blocked(line: Line, job: QueuedJob): Blocked {
    if (this.protections.length > 0 && this.rooms.find(line, true) !== null) {
      return { kind: 'kept', forJob: this.protections[0]!.jobId };
    }
    const leaving = this.preemptFor(line, job);
    if (leaving > 0 || this.protections.length < this.state.settings.protections) {
      const protection = protect(this.scene, job, line, this.protections);
      if (protection) {
        this.protections.push(protection);
        this.decisions.keptFor.set(job.id, protection.at);
      }
    }
    if (leaving > 0) {
      this.scene.expect(job);
    }
    return this.scarce(line, leaving);
  }

  /** Makes others leave for the job; gives how many leave, in this round or since an earlier one. */
  private preemptFor(line: Line, job: QueuedJob): number {
    const { found, failed } = this.searches;
    const asked = this.unmoved.get(line.demand);
    if (found >= VICTIM_SEARCHES.found || failed >= VICTIM_SEARCHES.failed || job.priority <= (asked?.get(line.project) ?? -Infinity)) {
      return 0;
    }
    const victims = this.scene.ripe.length + this.scene.leaving.length === 0 ? null : victimsFor(this.scene, job, line, this.protections);
    if (victims === null) {
      this.unmoved.set(line.demand, (asked ?? new Map<string, number>()).set(line.project, job.priority));
      this.searches.failed += Number(this.scene.ripe.length > 0);
      return 0;
    }
    this.searches.found += Number(victims.length > 0);
    for (const victim of victims) {
      this.scene.stop(victim.job);
      this.decisions.preempts.push({ jobId: victim.job.id, forJob: job.id, reason: victim.reason });
    }
    return Math.max(1, victims.length);
  }

  private scarce(line: Line, leaving: number): Blocked {
    const { book } = this.scene;
    const lacking = lackingLicence(this.scene, line.demand);
    if (lacking !== null) {
      return lacking;
    }
    const hasClosed = this.hasDrained || this.scene.closedTo(line, this.now).size > 0;
    const all = { isPreemptible: line.isPreemptible, closed: NOTHING_CLOSED, mayUseDrained: true };
    return hasClosed && place(line.demand, [book], all) !== null ? { kind: 'closed' } : { kind: 'room', leaving };
  }
}

/** Room is being made for the job: the next of its line may have its turn. */
const isComing = (blocked: Blocked): boolean => blocked.kind === 'room' && blocked.leaving > 0;
