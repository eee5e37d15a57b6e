import { availableParallelism } from 'node:os';
import { Zygote, type Kernel, type ZygoteOptions } from './zygote';

interface Waiter {
  resolve(kernel: Kernel): void;
  reject(error: unknown): void;
}

/** How many kernels a busy pool keeps ready at most: a ready one holds some 30 MB of its own. */
const BUSY_SIZE = 8;
/** For how long what was taken tells what will be. */
const MEMORY_MS = 60_000;
/** A chain of steps takes its kernels one by one; while enough are left, making new ones waits for its end. */
const QUIET_MS = 250;
/** After the caller's own work has begun: a fork takes CPU time that the step wants first. */
const HEAD_START_MS = 20;

/**
 * Ready kernels of one interpreter: `size` idle ones, and up to as many as were
 * taken in the last minute where that is more, so that a chain of short steps
 * does not wait for forks that compete with it for the CPU. A pool of none
 * stays one: its owner runs one step and no more.
 */
export class KernelPool {
  private zygote: Zygote | undefined;
  private readonly idle: Kernel[] = [];
  private readonly waiters: Waiter[] = [];
  private taken: number[] = [];
  private filling: NodeJS.Timeout | undefined;
  private forking = 0;
  private isDisposed = false;

  constructor(
    private readonly options: ZygoteOptions,
    private readonly size: number
  ) {}

  /** A ready kernel, nobody else's; the caller kills it. @throws {KernelStartFailed} */
  async take(): Promise<Kernel> {
    this.taken.push(Date.now());
    const kernel = this.idle.shift();
    if (kernel) {
      this.fillIn(HEAD_START_MS);
      return kernel;
    }
    return new Promise((resolve, reject) => {
      this.waiters.push({ resolve, reject });
      this.fill();
    });
  }

  /** Ends all kernels, the taken ones too. */
  async dispose(): Promise<void> {
    this.isDisposed = true;
    clearTimeout(this.filling);
    await this.zygote?.dispose();
  }

  private fillIn(ms: number): void {
    clearTimeout(this.filling);
    this.filling = setTimeout(() => this.fill(), ms).unref();
  }

  /** Forks until there is one for everyone who waits, and enough idle ones; few at a time, so that the first is ready soon. */
  private fill(): void {
    const wanted = this.wanted();
    this.idle.splice(wanted).forEach(kernel => kernel.kill());
    while (this.mayFork(wanted)) {
      this.forking++;
      void this.fork().then(
        kernel => {
          this.forking--;
          this.hand(kernel);
          this.fill();
        },
        error => {
          this.forking--;
          this.waiters.shift()?.reject(error); // where nobody waits, the next who takes tries again
        }
      );
    }
    if (!this.isDisposed) {
      this.fillIn(this.idle.length + this.forking < wanted ? QUIET_MS : MEMORY_MS);
    }
  }

  private mayFork(wanted: number): boolean {
    const ready = this.idle.length + this.forking;
    const isQuiet = Date.now() - (this.taken.at(-1) ?? 0) >= QUIET_MS;
    return !this.isDisposed && this.forking < availableParallelism() && ready < (ready < 2 || isQuiet ? wanted : 0) + this.waiters.length;
  }

  /** How many are to lie ready; forgets what was taken long ago. */
  private wanted(): number {
    const since = Date.now() - MEMORY_MS;
    this.taken = this.taken.filter(at => at > since).slice(-BUSY_SIZE);
    return this.size === 0 ? 0 : Math.max(this.size, this.taken.length);
  }

  private fork(): Promise<Kernel> {
    if (this.zygote === undefined || this.zygote.isDead) {
      this.zygote = new Zygote(this.options);
    }
    return this.zygote.fork();
  }

  private hand(kernel: Kernel): void {
    if (this.isDisposed) {
      kernel.kill();
      return;
    }
    const waiter = this.waiters.shift();
    if (waiter) {
      waiter.resolve(kernel);
      return;
    }
    this.idle.push(kernel);
    void kernel.ended.then(() => {
      const at = this.idle.indexOf(kernel);
      if (at >= 0) this.idle.splice(at, 1);
    });
  }
}
