import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { BlobStore } from '@slipway/kernels-bridge';
import type { Difference, PipelineSpec, PipelineVersion, Proof, SavePipeline } from '@slipway/schema';
import type { Updateable } from 'kysely';
import { eachApart } from '../core/each-apart';
import { Conflict, InvalidInput, NotFound } from '../core/errors';
import type { Log } from '../core/log';
import type { Db } from '../database';
import type { Events } from '../events';
import { whenDatabaseIsBack } from '../scheduler';
import { contentHash } from './content';
import { parseCron } from '../core/cron';
import { isUuid } from '../core/uuid';
import type { Definitions } from './definitions';
import { toProof } from './mapping';
import type { Orchestrator } from './orchestrator';
import { ownMetrics, type SessionsPort } from './own-results';
import type { KernelsPort } from './ports';
import { conductProof, failure, type ConductDeps, type Subject, type Verdict } from './proof-conduct';
import * as store from './proof-store';
import type { References } from './reference';
import { contentByHash, insertContent, stepsOf } from './run-store';
import type { ProofRow, ProofTable } from './tables';

export type Proofs = ReturnType<typeof createProofs>;

/** Proves specs before they are saved: each runs once and is held against its notebook's own results. */
export function createProofs(deps: {
  db: Db;
  events: Events;
  log: Log;
  /** Names this home among those on one database. */
  home: string;
  definitions: Definitions;
  orchestrator: Orchestrator;
  references: References;
  kernels: KernelsPort;
  sessions: SessionsPort;
  blobs: BlobStore;
}) {
  const { db, events, log, definitions, orchestrator } = deps;
  const underWay = new Map<string, { abort: AbortController; done: Promise<void> }>();

  async function update(id: string, set: Updateable<ProofTable>): Promise<void> {
    await whenDatabaseIsBack(() =>
      db.transaction().execute(async tx => {
        await store.updateProof(tx, id, set);
        await events.append(tx, [{ type: 'proof.changed', subject: id, data: { ...(set.status && { status: set.status }), ...(set.phase && { phase: set.phase }) } }]);
      })
    );
  }

  async function close(id: string, verdict: Verdict): Promise<void> {
    const { status, agreed, differences, notes } = verdict;
    await update(id, { status, phase: 'done', agreed: JSON.stringify(agreed), differences: JSON.stringify(differences), notes: JSON.stringify(notes) });
  }

  async function conduct(subject: Subject, signal: AbortSignal): Promise<void> {
    const conductDeps: ConductDeps = {
      ...deps,
      compare: { compareValues: (a, b) => deps.kernels.compareValues(a, b), readText: digest => readFile(deps.blobs.pathOf(digest), 'utf8') },
      ownMetrics: () => ownMetrics(deps.sessions, subject.content.notebookPath, subject.content.cells),
      outcomesOfRun: async runId => (await whenDatabaseIsBack(() => stepsOf(db, runId))).flatMap(s => s.result ?? []),
      failureOfRun: async runId => failureOf(await whenDatabaseIsBack(() => stepsOf(db, runId))),
      onRun: runId => update(subject.id, { run_id: runId }),
      onPhase: phase => update(subject.id, { phase })
    };
    try {
      const verdict = await conductProof(subject, conductDeps, signal);
      await close(subject.id, { ...verdict, notes: [...subject.draft.warnings, ...verdict.notes] });
    } catch (err) {
      log.error({ err, proofId: subject.id }, 'a proof could not be carried out');
      await close(subject.id, { status: 'failed', agreed: [], differences: [failure(null, 'The proof could not be carried out; the daemon’s log has the reason.')], notes: [] });
    }
  }

  async function existing(proofId: string): Promise<ProofRow> {
    const row = isUuid(proofId) ? await store.proofById(db, proofId) : undefined;
    if (!row) {
      throw new NotFound('proof_not_found', `There is no proof ${proofId}.`);
    }
    return row;
  }

  return {
    /** Begins a proof and answers at once; its course is told by events. @throws InvalidInput, Conflict for what cannot be run at all */
    async prove(spec: PipelineSpec, userId: string): Promise<Proof> {
      if (spec.schedule) {
        parseCron(spec.schedule.cron, spec.schedule.timeZone);
      }
      const built = await definitions.build(spec);
      await checkKernel(deps.kernels, built.content.kernelName);
      const subject: Subject = { ...built, id: randomUUID(), pipeline: spec.name, userId };
      const row = await db.transaction().execute(async tx => {
        const hash = contentHash(built.content);
        await insertContent(tx, hash, built.content);
        return store.insertProof(tx, {
          id: subject.id,
          pipeline: spec.name,
          content_hash: hash,
          schedule: spec.schedule === undefined ? null : JSON.stringify({ value: spec.schedule }),
          status: 'running',
          phase: 'reference',
          run_id: null,
          agreed: '[]',
          differences: '[]',
          notes: JSON.stringify(built.draft.warnings),
          worker_home: deps.home,
          ended_at: null
        });
      });
      const abort = new AbortController();
      underWay.set(subject.id, { abort, done: conduct(subject, abort.signal).finally(() => underWay.delete(subject.id)) });
      return toProof(row);
    },
    async get(proofId: string): Promise<Proof> {
      return toProof(await existing(proofId));
    },
    /** Stops a proof; one that is over stays as it is. */
    async cancel(proofId: string): Promise<Proof> {
      await existing(proofId);
      const mine = underWay.get(proofId);
      mine?.abort.abort();
      await mine?.done;
      return toProof(await existing(proofId));
    },
    /** Saves what was proved. @throws Conflict `proof_running`, `proof_failed`, `results_differ` */
    async save(body: SavePipeline, userId: string): Promise<PipelineVersion> {
      const proof = await existing(body.proofId);
      if (proof.status === 'running') {
        throw new Conflict('proof_running', 'The proof is still under way; save when it has ended.');
      }
      if (proof.status === 'failed' || proof.status === 'cancelled') {
        throw new Conflict('proof_failed', `The proof ${proof.status === 'failed' ? 'failed' : 'was cancelled'}: there is nothing that could be saved.`);
      }
      if (proof.status === 'different' && !body.allowDifferences) {
        throw new Conflict('results_differ', 'The pipeline’s results differ from the notebook’s; save with allowDifferences to keep it all the same.');
      }
      const schedule = body.schedule !== undefined ? body.schedule : proof.schedule?.value;
      return definitions.save(proof.pipeline, await contentByHash(db, proof.content_hash), schedule, userId);
    },
    /** Closes proofs that a daemon of this home left half done. */
    async recover(): Promise<void> {
      const end = async (proof: ProofRow): Promise<void> => {
        const message = 'The daemon ended while the proof was under way; start it again.';
        await close(proof.id, { status: 'failed', agreed: [], differences: [failure(null, message)], notes: proof.notes });
        if (proof.run_id !== null) {
          await orchestrator.cancel(proof.run_id);
        }
      };
      await eachApart(await store.interruptedProofs(db, deps.home), end, { log, what: 'ending a proof', about: proof => ({ proofId: proof.id }) });
    },
    /** Gives up what is under way: its daemon goes, and with it the memory of what to compare. */
    async stop(): Promise<void> {
      underWay.forEach(p => p.abort.abort());
      await Promise.race([Promise.all([...underWay.values()].map(p => p.done)), new Promise(resolve => setTimeout(resolve, 5_000).unref())]);
    }
  };
}

function failureOf(steps: Awaited<ReturnType<typeof stepsOf>>): Difference {
  const step = steps.find(s => s.status === 'failed');
  return failure(step?.error?.cellId ?? null, `The step ${step?.name ?? '?'} failed: ${step?.error?.message ?? 'it did not run'}`, step?.name);
}

/** @throws InvalidInput `kernel_not_found`, `kernel_not_python` */
export async function checkKernel(kernels: KernelsPort, name: string): Promise<void> {
  const kernel = await kernels.findKernel(name).catch((cause: unknown) => {
    throw new InvalidInput('kernel_not_found', cause instanceof Error ? cause.message : String(cause), { cause });
  });
  if (kernel.python === null) {
    throw new InvalidInput('kernel_not_python', `The kernel ${name} runs ${kernel.language}; pipelines run Python kernels.`);
  }
}
