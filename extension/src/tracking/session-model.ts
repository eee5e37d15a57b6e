import { endpoints, type CellExecution, type HookRecord, type Session, type SessionStarted, type SlipwayEvent, type Trial } from '@slipway/schema';
import { AskingModel } from '../core/asking-model';
import { Refresher } from '../core/refresher';
import type { ISlipway } from '../core/tokens';
import { LiveExecutions, mergeExecutions, type ExecutionRow } from './executions';

const EXECUTIONS = 200;
const TRIALS = 500;
/** The spool file brings records within a second; later than this it cannot be reached. */
const CONFIRM_MS = 5_000;

export interface SessionModelOptions {
  slipway: ISlipway;
  /** Absolute path of the notebook, as the daemon names it. */
  notebookPath: () => string;
  kernelId: () => string | null;
  /** Takes records that no spool file brought. */
  onUnconfirmed: (records: HookRecord[]) => void;
}

/** One notebook's sessions: the kernel's live records and what the daemon made of them. */
export class SessionModel extends AskingModel {
  constructor(private readonly options: SessionModelOptions) {
    super();
    const { news, daemon } = options.slipway;
    news.received.connect(this.onNews, this);
    daemon.returned.connect(this.refresh, this);
    daemon.changed.connect(this.onDaemon, this);
    this.refresh();
  }

  get session(): Session | null {
    return this._session;
  }
  /** Sessions of this notebook, newest first. */
  get sessions(): readonly Session[] {
    return this._sessions;
  }
  get executions(): ExecutionRow[] {
    return mergeExecutions(this.stored, this.live.records, this.sessionId ?? '');
  }
  get trials(): readonly Trial[] {
    return this._trials;
  }
  get isLoaded(): boolean {
    return this._isLoaded;
  }
  /** Started live; null until the kernel or the daemon named a session. */
  get sessionId(): string | null {
    return this.chosenId ?? this.liveId;
  }

  /** Asks the daemon anew; while it is away nothing is asked: its return brings us here again. */
  refresh(): void {
    if (this.options.slipway.daemon.state !== 'away') {
      this.refresher.ask();
    }
  }

  /** Shows an earlier session; null goes back to the kernel's. */
  choose(sessionId: string | null): void {
    this.chosenId = sessionId === this.liveId ? null : sessionId;
    this.stored = [];
    this._trials = [];
    this._session = this._sessions.find(session => session.id === this.sessionId) ?? null;
    this._isLoaded = false;
    this.announce();
    this.refresh();
  }

  take(record: HookRecord): void {
    if (record.type === 'session_started' && record.sessionId !== this.liveId) {
      this.begin(record.sessionId, record);
      this.refresh();
    }
    this.live.take(record);
    if (record.type === 'cell_executed') {
      this.unconfirmed.set(record.executionId, record);
      setTimeout(() => this.refresh(), CONFIRM_MS);
    }
    this.announce();
  }

  async markMetric(name: string, isMetric: boolean): Promise<void> {
    const params = { sessionId: this.sessionId ?? '' };
    await this.options.slipway.client.call(endpoints.sessions.markMetric, { params, body: { name, isMetric } });
    this.refresh();
  }

  override dispose(): void {
    this.refresher.stop();
    this.options.slipway.news.received.disconnect(this.onNews, this);
    super.dispose();
  }

  private begin(sessionId: string, started: SessionStarted | null): void {
    this.liveId = sessionId;
    this.started = started;
    this.chosenId = null;
    this.live.clear();
    this.unconfirmed.clear();
    this.stored = [];
    this._trials = [];
    this._session = null;
  }

  private onNews(_: unknown, event: SlipwayEvent): void {
    const mayBeNew = event.type === 'session.changed' && !this._sessions.some(session => session.id === event.subject);
    if (event.subject === this.sessionId || mayBeNew) {
      this.refresh();
    }
  }

  private onDaemon(): void {
    this.announce();
  }

  private async load(): Promise<void> {
    await this.attempt(async () => {
      await this.findSession();
      await this.loadSession();
    });
    this.handOverUnconfirmed();
    this._isLoaded = true;
    this.announce();
  }

  private async findSession(): Promise<void> {
    const { slipway, notebookPath, kernelId } = this.options;
    const list = async (query: { kernelId?: string; notebookPath?: string }): Promise<Session[]> =>
      (await slipway.client.call(endpoints.sessions.list, { query: { ...query, limit: 20 } })).items;
    const [byPath, ofKernel] = await Promise.all([list({ notebookPath: notebookPath() }), kernelId() === null ? [] : list({ kernelId: kernelId()! })]);
    this._sessions = [...ofKernel.filter(session => !byPath.some(other => other.id === session.id)), ...byPath].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
    this.adopt(ofKernel[0] ?? (this.liveId === null ? byPath[0] : undefined));
    this._session = this._sessions.find(session => session.id === this.sessionId) ?? null;
  }

  /** Goes over to a session that the daemon knows and the comm did not tell of. */
  private adopt(newest: Session | undefined): void {
    const known = this.started?.at ?? this._sessions.find(session => session.id === this.liveId)?.startedAt;
    if (newest && newest.id !== this.liveId && (known === undefined || newest.startedAt > known)) {
      this.begin(newest.id, null);
    }
  }

  private async loadSession(): Promise<void> {
    const sessionId = this.sessionId;
    if (this._session === null || sessionId === null) {
      return;
    }
    const { client } = this.options.slipway;
    const params = { sessionId };
    const [executions, trials] = await Promise.all([
      client.call(endpoints.sessions.listExecutions, { params, query: { limit: EXECUTIONS } }),
      client.call(endpoints.sessions.listTrials, { params, query: { limit: TRIALS } })
    ]);
    if (sessionId === this.sessionId) {
      this.stored = executions.items;
      this._trials = trials.items;
    }
  }

  /** What the daemon, being there, has not got after a while comes from a kernel on another machine. */
  private handOverUnconfirmed(): void {
    for (const execution of this.stored.filter(each => each.status !== 'running')) {
      this.unconfirmed.delete(execution.executionId);
    }
    const oldest = Date.now() - CONFIRM_MS;
    const late = [...this.unconfirmed.values()].filter(record => Date.parse(record.at) < oldest);
    if (late.length > 0 && this.options.slipway.daemon.state === 'up' && this.error === null && this.chosenId === null) {
      late.forEach(record => this.unconfirmed.delete((record as { executionId: string }).executionId));
      this.options.onUnconfirmed([...(this.started ? [this.started] : []), ...late]);
    }
  }

  /** At most once a frame under Run All. */
  protected override announce(): void {
    if (this.isAnnounced) {
      return;
    }
    this.isAnnounced = true;
    setTimeout(() => {
      this.isAnnounced = false;
      super.announce();
    }, 30);
  }

  private readonly refresher = new Refresher(() => this.load(), 250);
  private readonly live = new LiveExecutions();
  private readonly unconfirmed = new Map<string, HookRecord>();
  private started: SessionStarted | null = null;
  private stored: readonly CellExecution[] = [];
  private _trials: readonly Trial[] = [];
  private _sessions: readonly Session[] = [];
  private _session: Session | null = null;
  private _isLoaded = false;
  private liveId: string | null = null;
  private chosenId: string | null = null;
  private isAnnounced = false;
}
