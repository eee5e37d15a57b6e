import { availableParallelism } from 'node:os';
import { Zygote, type Kernel, type ZygoteOptions } from './zygote';

interface Waiter {
  resolve(kernel: Kernel): void;
  reject(error: unknown): void;
}

/** Ready kernels of one interpreter: at most `size` idle ones, made while nobody waits. */
export class KernelPool {
  private zygote: Zygote | undefined;
  private readonly idle: Kernel[] = [];
  private readonly waiters: Waiter[] = [];
  private forking = 0;
  private isDisposed = false;

  constructor(
    private readonly options: ZygoteOptions,
    private readonly size: number
  ) {}

  /** A ready kernel, nobody else's; the caller kills it. @throws {KernelStartFailed} */
  async take(): Promise<Kernel> {
    const kernel = this.idle.shift();
    if (kernel) {
      // After the caller's own work has begun: a fork takes CPU time that the step wants first.
      setTimeout(() => this.fill(), 20);
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
    await this.zygote?.dispose();
  }

  /** Forks until there is one for everyone who waits and `size` idle ones; few at a time, so that the first is ready soon. */
  private fill(): void {
    while (!this.isDisposed && this.forking < availableParallelism() && this.idle.length + this.forking < this.size + this.waiters.length) {
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
