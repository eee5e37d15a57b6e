import type { ExportTarget, PipelineExport } from '@slipway/schema';
import { toAirflow } from './airflow';
import { toArgo } from './argo';
import { toKfp } from './kfp';
import { planOf, type Exportable, type Plan } from './plan';

export type { Exportable };

const WRITERS: Record<ExportTarget, { write(plan: Plan): { text: string; warnings: string[] }; suffix: string }> = {
  airflow: { write: toAirflow, suffix: '_dag.py' },
  kfp: { write: toKfp, suffix: '.kfp.yaml' },
  argo: { write: toArgo, suffix: '.argo.yaml' }
};

/** A pipeline written for another orchestrator, with what could not be. */
export function exportPipeline(target: ExportTarget, pipeline: Exportable): PipelineExport {
  const { write, suffix } = WRITERS[target];
  return { target, fileName: `${pipeline.name}${suffix}`, ...write(planOf(pipeline)) };
}
