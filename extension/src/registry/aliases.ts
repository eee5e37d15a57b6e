import { endpoints } from '@slipway/schema';
import type { ISlipway } from '../core/tokens';

export interface AliasMove {
  model: string;
  alias: string;
  /** null takes it away from whatever version has it. */
  to: string | null;
  /** An approver lets a version through that fails its gates. */
  overrideComment?: string;
  /** Gives an alias back to whom it was taken from just now: its gates are not asked again. */
  isUndo?: boolean;
}

/** Points an alias at a version, or takes it away. */
export async function moveAlias({ client }: ISlipway, { model, alias, to, overrideComment, isUndo = false }: AliasMove): Promise<void> {
  await client.call(endpoints.registry.setAlias, { params: { name: model, alias }, body: { version: to, isUndo, ...(overrideComment !== undefined && { overrideComment }) } });
}
