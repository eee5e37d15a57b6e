/**
 * How a value between steps is stored. The first three have meaningful digests;
 * pickle bytes differ between processes. `list`: the bytes are a JSON array of
 * `StoredItem`, each with bytes of its own.
 */
export type Codec = 'parquet' | 'npy' | 'json' | 'cloudpickle' | 'list';

/** A value that stands in a list. */
export type StoredItem = Omit<StoredValue, 'name'>;
/** An item to run for: a plain value as Python writes it, any other as it is stored. */
export type SpreadItem = { literal: string } | StoredItem;

/** A list of a step, taken apart: the blob is a JSON array of `SpreadItem`. */
export interface Spread {
  name: string;
  digest: string;
  sizeBytes: number;
  count: number;
  /** Blobs of the items that are no plain values. */
  digests: string[];
}

/** A value of one name, content-addressed. */
export interface StoredValue {
  name: string;
  codec: Codec;
  /** SHA-256 of the bytes, hex. */
  digest: string;
  sizeBytes: number;
}

/** A file in the step's private folder layer, relative to the notebook's folder. */
export interface StoredFile {
  path: string;
  digest: string;
  sizeBytes: number;
}

/** Content-addressed files; the server's `artifacts` implements it. */
export interface BlobStore {
  /** Takes the file in (copy, fsync, rename); the original stays. */
  putFile(path: string): Promise<{ digest: string; sizeBytes: number }>;
  /** Where a stored blob's bytes lie; never to be written. */
  pathOf(digest: string): string;
}

export interface StepLimits {
  memoryBytes: number;
  cpus: number;
  /** Wall clock for the whole attempt. */
  timeoutMs: number;
  /** Log kept; what comes after is dropped and said so. */
  logBytes: number;
}

export interface ModelToLog {
  cellId: string;
  variable: string;
  /** Name of the rows the model was scored on; among the step's own names or inputs. */
  dataName: string | null;
}

/** Everything one attempt of one step needs; plain data, so that any engine can carry it. */
export interface StepSpec {
  /** Names the attempt: folder names, logs, cgroup. Letters, digits, `-`. */
  id: string;
  kernelName: string;
  /** The notebook's folder: seen read-only beneath a private writable layer. */
  folder: string;
  /** Cells in order, params already written into their sources. */
  cells: { id: string; source: string }[];
  inputs: StoredValue[];
  /** Files upstream steps wrote, laid into the private layer before the cells run. */
  inputFiles: StoredFile[];
  /** Names to store after the last cell. */
  outputs: string[];
  /** Names of lists to take apart after the last cell, for steps that run for each item. */
  spread?: string[];
  models: ModelToLog[];
  /** Added to the kernel's environment; never holds a secret. */
  env: Record<string, string>;
  /** Added to the kernel's environment, and masked in all that is kept of the step's text; never stored. */
  secrets?: Record<string, string>;
  limits: StepLimits;
  /** UUIDs of the GPUs granted; none = the step sees none. */
  gpus: string[];
  /** A folder that outlives the attempt, writable, at the same path in the walls: `SLIPWAY_CHECKPOINT_DIR`. */
  checkpointFolder?: string;
  /** Added to the kernel's environment for this attempt alone: what the step reads of it is nothing its result depends on. */
  attemptEnv?: Record<string, string>;
  /** Ids of MLflow's runs that steps before opened: code may go on with them. */
  mlflowRuns?: string[];
}

export interface StepMetric {
  cellId: string;
  name: string;
  value: number;
  step: number;
  /** Told to a tracking library by the code, and not seen where it was measured. */
  isLogged?: true;
}

/** A metric as it is measured, while its cell still runs. */
export type LiveMetric = Pick<StepMetric, 'name' | 'value' | 'step'>;

/** What the machine did at an instant (ISO 8601), by MLflow's names without `system/`. */
export interface MachineSample {
  at: string;
  values: Record<string, number>;
}

/**
 * A run that the step's code opened with MLflow, as MLflow's own books had it
 * when the cells were done. Times are milliseconds since 1970.
 */
export interface LoggedRun {
  /** As the code knows it: 32 hex digits. */
  id: string;
  name: string;
  parentId: string | null;
  /** null: still open when the cells were done. */
  status: 'FINISHED' | 'FAILED' | 'KILLED' | null;
  startedAt: number;
  endedAt: number | null;
  params: Record<string, string>;
  tags: Record<string, string>;
  /** By name: value, step, time; JSON has no number for some values. */
  metrics: Record<string, [value: number | 'NaN' | 'Infinity' | '-Infinity', step: number, at: number][]>;
  datasets: { name: string; digest: string; sourceType: string; source: string; schema: string | null; profile: string | null; tags: Record<string, string> }[];
  /** Artifacts, logged models' files among them under the model's name. */
  files: StoredFile[];
  /** Models that the code registered, by the folder of their files. */
  registered: { name: string; path: string }[];
}

export interface StepRead {
  path: string;
  /** SHA-256 of the file, or of the sorted listing of a folder. */
  digest: string;
  kind: 'file' | 'listing';
}

/** Why a step ended badly; `isRetryable` is about the cause, not the budget. */
export interface StepError {
  code:
    | 'cell_failed'
    | 'step_timeout'
    | 'out_of_memory'
    | 'kernel_died'
    | 'kernel_not_found'
    | 'kernel_start_failed'
    | 'value_not_storable'
    | 'input_not_loadable'
    | 'storage_full'
    | 'cancelled';
  message: string;
  cellId: string | null;
  traceback: string | null;
  isRetryable: boolean;
}

export interface StepResult {
  status: 'succeeded' | 'failed' | 'cancelled';
  error?: StepError;
  values: StoredValue[];
  spreads: Spread[];
  /** What the cells wrote into the folder. */
  files: StoredFile[];
  metrics: StepMetric[];
  reads: StepRead[];
  /** Environment variables the code read. */
  envRead: Record<string, string | null>;
  /** What forbids the reuse of the result, in words; empty = reusable. */
  impurities: string[];
  packages: Record<string, string>;
  /** MLflow model folders (MLmodel, model.pkl, …), each file stored; paths relative to the model's root. */
  models: {
    variable: string;
    files: StoredFile[];
    flavor: string;
    /** Predictions on `dataName`, for the proof. */
    predictions: StoredValue | null;
  }[];
  /** The executed notebook (nbformat 4 JSON) as a blob. */
  notebook: { digest: string; sizeBytes: number } | null;
  /** Tables and arrays by name may be compared by value with these digests. */
  durationMs: number;
  /** Pid in the host's namespace, and the inode of its pid namespace. */
  pid: number | null;
  pidNamespace: string | null;
  peakMemoryBytes: number | null;
  /** Where the step held GPUs for itself: the most memory of one of them, and how busy they were. */
  gpuPeaks?: { memoryBytes: number | null; percent: number | null; totalBytes: number | null };
  /** The cell during which it needed most memory. */
  peakCell?: string | null;
  /** CPU, memory, disk, network and GPUs where the step ran, oldest first. */
  machine?: MachineSample[];
  /** Oldest first; absent where nothing was told to MLflow, or MLflow was told to keep it elsewhere. */
  logged?: LoggedRun[];
}

export interface StepObserver {
  onStarted?(started: { pid: number; usedBytes(): number | null }): void;
  /** All is there for the first cell, which waits for the promise: ranks of a gang begin together. */
  onReady?(): Promise<void>;
  /** Text as it comes: stdout, stderr, and `[cell ID]` marks; already cut at `logBytes`. */
  onLog?(text: string): void;
  /** Metrics as they come; all of them are in the result again. */
  onMetrics?(points: LiveMetric[]): void;
  onCell?(progress: { cellId: string; index: number; total: number }): void;
}
