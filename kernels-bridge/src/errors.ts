/** The kernel process ended by itself: out of memory, a crash, a kill. Its state is lost. */
export class KernelDied extends Error {
  override readonly name = 'KernelDied';
  constructor(
    /** Negative: the signal's number. */
    readonly exitCode: number,
    readonly isOutOfMemory: boolean
  ) {
    super(isOutOfMemory ? 'The kernel ran out of memory.' : exitCode < 0 ? `The kernel was killed by signal ${-exitCode}.` : `The kernel exited with code ${exitCode}.`);
  }
}

/** There is no kernel of that name; tells which there are. */
export class KernelNotFound extends Error {
  override readonly name = 'KernelNotFound';
  readonly code = 'kernel_not_found';
  constructor(name: string, known: readonly string[]) {
    super(`There is no kernel '${name}' on this machine. ${known.length > 0 ? `There are: ${known.join(', ')}.` : 'There is none at all.'} Install it, or choose another kernel in the notebook.`);
  }
}

/** The kernel could not be started; says why. */
export class KernelStartFailed extends Error {
  override readonly name = 'KernelStartFailed';
}
