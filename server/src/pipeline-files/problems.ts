import { AppError, InvalidInput } from '../core/errors';

/** Somewhere in a file; line and column from 1. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/** A pipeline file says something that cannot be: every fault with its place. */
export class PipelineFileInvalid extends InvalidInput {}

const SHOWN = 50;

/** Collects what is wrong, so that all of it is told at once. */
export class Problems {
  private readonly found: { place: Place; message: string }[] = [];
  readonly warnings: string[] = [];

  add(place: Place, message: string): void {
    if (!this.found.some(f => f.place.line === place.line && f.place.column === place.column && f.message === message)) {
      this.found.push({ place, message });
    }
  }

  warn(place: Place, message: string): void {
    this.warnings.push(`${textOf(place)}: ${message}`);
  }

  get isEmpty(): boolean {
    return this.found.length === 0;
  }

  /** @throws PipelineFileInvalid `pipeline_file_invalid` */
  throwIfAny(): void {
    if (this.found.length > 0) {
      const errors = [...this.found]
        .sort((a, b) => a.place.file.localeCompare(b.place.file) || a.place.line - b.place.line || a.place.column - b.place.column)
        .map(({ place, message }) => ({ path: textOf(place), message }));
      throw new PipelineFileInvalid('pipeline_file_invalid', errors.slice(0, SHOWN).map(e => `${e.path}: ${e.message}`).join('\n'), { errors: errors.slice(0, SHOWN) });
    }
  }
}

/** `churn.pipeline.yaml:12:5`, as editors and compilers name a place. */
export function textOf({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

/** What a check of ours refuses becomes a problem with its place. */
export function placed(at: Place | ((path: string | undefined) => Place), problems: Problems, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    addPlaced(error, at, problems);
  }
}

/** Adds what a check of ours refused; anything else is thrown on. */
export function addPlaced(error: unknown, at: Place | ((path: string | undefined) => Place), problems: Problems): void {
  if (!(error instanceof AppError)) {
    throw error;
  }
  problems.add(typeof at === 'function' ? at(error.errors?.[0]?.path) : at, error.message);
}
