import { endpoints, type PipelineRun, type PipelineSpec, type PipelineVersion, type Proof, type SlipwayEvent } from '@slipway/schema';
import { AskingModel } from '../core/asking-model';
import { Refresher } from '../core/refresher';
import type { ISlipway } from '../core/tokens';

const POLL_MS = 3_000;

/** One trial run of a pipeline before it is saved, followed live, and its saving. */
export class ProofModel extends AskingModel {
  constructor(private readonly slipway: ISlipway) {
    super();
    slipway.news.received.connect(this.onNews, this);
    slipway.daemon.returned.connect(this.onReturned, this);
  }

  get proof(): Proof | null {
    return this._proof;
  }
  /** The pipeline's own run within the proof, once it has begun. */
  get run(): PipelineRun | null {
    return this._run;
  }
  get saved(): PipelineVersion | null {
    return this._saved;
  }
  get isRunning(): boolean {
    return this.isStarting || this._proof?.status === 'running';
  }

  /** Begins a proof; what is equal to the notebook is saved at once. */
  async start(spec: PipelineSpec): Promise<void> {
    this.forget();
    this.isStarting = true;
    this.announce();
    await this.attempt(async () => {
      this._proof = await this.slipway.client.call(endpoints.pipelines.prove, { body: spec });
    });
    this.isStarting = false;
    this.refresher.ask();
    this.announce();
  }

  async cancel(): Promise<void> {
    if (this._proof) {
      const params = { proofId: this._proof.id };
      await this.attempt(async () => {
        this._proof = await this.slipway.client.call(endpoints.pipelines.cancelProof, { params });
      });
    }
  }

  async save(allowDifferences: boolean): Promise<void> {
    const { _proof: proof } = this;
    if (proof && !this.isSaving) {
      this.isSaving = true;
      await this.attempt(async () => {
        this._saved = await this.slipway.client.call(endpoints.pipelines.save, { body: { proofId: proof.id, allowDifferences } });
      });
      this.isSaving = false;
    }
  }

  /** What was proved is no longer what is shown. */
  forget(): void {
    if (!this.isRunning) {
      this._proof = null;
      this._run = null;
      this._saved = null;
      this.clearError();
    }
  }

  override dispose(): void {
    this.refresher.stop();
    this.slipway.news.received.disconnect(this.onNews, this);
    this.slipway.daemon.returned.disconnect(this.onReturned, this);
    super.dispose();
  }

  private onNews(_: unknown, event: SlipwayEvent): void {
    if (this._proof && (event.subject === this._proof.id || event.subject === this._proof.runId)) {
      this.refresher.ask();
    }
  }

  private onReturned(): void {
    if (this._proof?.status === 'running') {
      this.refresher.ask();
    }
  }

  private async follow(): Promise<void> {
    const { _proof: known } = this;
    if (!known) {
      return;
    }
    await this.attempt(async () => {
      const proof = await this.slipway.client.call(endpoints.pipelines.proof, { params: { proofId: known.id } });
      const run = proof.runId === null ? null : await this.slipway.client.call(endpoints.pipelines.run, { params: { runId: proof.runId } });
      if (this._proof?.id === proof.id) {
        this._proof = proof;
        this._run = run;
      }
    });
    if (this._proof?.status === 'same' && this._saved === null && this.error === null) {
      await this.save(false);
    }
    if (this._proof?.status === 'running' && !this.isDisposed) {
      setTimeout(() => this.slipway.daemon.state === 'away' || this.refresher.ask(), POLL_MS); // where an event was missed
    }
  }

  private readonly refresher = new Refresher(() => this.follow());
  private _proof: Proof | null = null;
  private _run: PipelineRun | null = null;
  private _saved: PipelineVersion | null = null;
  private isStarting = false;
  private isSaving = false;
}
