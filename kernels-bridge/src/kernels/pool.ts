import { Zygote, type Kernel, type ZygoteOptions } from './zygote';

/** Ready kernels of one interpreter: at most `size` idle ones, made while nobody waits. */
export class KernelPool {
  private zygote: Zygote | undefined;
  private readonly idle: Kernel[] = [];
  private filling = 0;
  private isDisposed = false;

  constructor(
    private readonly options: ZygoteOptions,
    private readonly size: number
  ) {}

  /** A ready kernel, nobody else's; the caller kills it. @throws {KernelStartFailed} */
  async take(): Promise<Kernel> {
    const kernel = this.idle.shift() ?? (await this.fork());
    // After the caller's own work has begun: a fork takes CPU time that the step wants first.
    setTimeout(() => this.fill(), 20);
    return kernel;
  }

  dispose(): void {
    this.isDisposed = true;
    this.idle.forEach(kernel => kernel.kill());
    this.zygote?.dispose();
  }

  private fork(): Promise<Kernel> {
    if (this.zygote === undefined || this.zygote.isDead) {
      this.zygote = new Zygote(this.options);
    }
    return this.zygote.fork();
  }

  private fill(): void {
    while (!this.isDisposed && this.idle.length + this.filling < this.size) {
      this.filling++;
      void this.fork()
        .then(kernel => {
          if (this.isDisposed) {
            kernel.kill();
            return;
          }
          this.idle.push(kernel);
          void kernel.ended.then(() => {
            const at = this.idle.indexOf(kernel);
            if (at >= 0) this.idle.splice(at, 1);
          });
        })
        .catch(() => undefined) // told to the next who takes
        .finally(() => this.filling--);
    }
  }
}
