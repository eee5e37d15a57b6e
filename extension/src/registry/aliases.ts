import { endpoints } from '@slipway/schema';
import { SlipwayError } from '../core/slipway-error';
import type { ISlipway } from '../core/tokens';

export interface AliasMove {
  model: string;
  alias: string;
  /** null takes it away from whatever version has it. */
  to: string | null;
  /** An approver lets a version through that fails its gates. */
  overrideComment?: string;
  /** Gives an alias back to whom it was taken from: the gates, which may compare with the version that took it, do not stop that. */
  isUndo?: boolean;
}

/** Points an alias at a version, or takes it away. */
export async function moveAlias({ client, trans }: ISlipway, { model, alias, to, overrideComment, isUndo = false }: AliasMove): Promise<void> {
  const put = async (comment: string | undefined): Promise<void> => {
    await client.call(endpoints.registry.setAlias, { params: { name: model, alias }, body: { version: to, ...(comment !== undefined && { overrideComment: comment }) } });
  };
  try {
    await put(overrideComment);
  } catch (error) {
    if (!isUndo || !(error instanceof SlipwayError) || error.code !== 'gates_failed') {
      throw error;
    }
    await put(trans.__('Undone: the alias goes back to where it was.'));
  }
}
