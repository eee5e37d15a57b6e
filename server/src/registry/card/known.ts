import type { GateEvaluation, ModelVersion, VersionMaking } from '@slipway/schema';

/** All that a card tells without a person. */
export interface Known {
  version: ModelVersion;
  making: VersionMaking;
  evaluation: GateEvaluation | null;
  /** URIs that lineage says the version came from. */
  lineage: readonly string[];
}
