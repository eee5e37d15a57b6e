import type { Node } from '../source/node';
import type { Callable } from './definitions';
import type { Scope } from './scope';
import type { Metric, Value } from './values';
import type { World } from './world';

/** One argument of a call, evaluated. */
export interface Argument {
  keyword: string | null;
  stars: '' | '*' | '**';
  value: Value;
  node: Node;
}

/** How a call stands in the code around it. */
export interface CallSite {
  node: Node;
  /** Nobody takes the result. */
  isDiscarded: boolean;
  /** The result is what the cell shows. */
  isShown: boolean;
}

/** The mutually recursive parts of the walk, joined in `interpreter.ts`; each lives in a file of its own. */
export interface Walker {
  world: World;
  /** Depth of functions walked into; 0 is the cell's own code. */
  depth: number;
  expr(node: Node, scope: Scope | null): Value;
  /** A block or single statement; false when it raises. */
  block(node: Node, scope: Scope | null): boolean;
  assign(target: Node, value: Value, scope: Scope | null): void;
  bindName(name: string, value: Value, scope: Scope | null): void;
  call(node: Node, scope: Scope | null, site?: Partial<CallSite>): Value;
  /** Walks into a function or class of the notebook with these arguments. */
  invoke(callable: Callable, args: readonly Argument[], node: Node): Value;
  /** Counts what a function reads although it is only handed on, not called here. */
  touch(callable: Callable): void;
  /** Collects what the function being walked returns. */
  returned: Value[] | null;
  /** Line of a node in the cell: that of the outermost call while walking into functions. */
  lineOf(node: Node): number;
  /** The metric an already walked field of an f-string gave. */
  fieldMetric(node: Node): Metric | undefined;
  noteField(node: Node, metric: Metric): void;
  noteMetric(metric: Metric, how: 'bound' | 'shown' | 'logged', node: Node, variable: string | null, label: string | null): void;
}
