import type { Me, Promotion } from '@slipway/schema';

/** What stands between a person and a decision; the server says the same. */
export type Obstacle = 'closed' | 'no_permission' | 'own_request' | 'gates' | 'comment';

export interface DecisionState {
  promotion: Promotion;
  me: Me;
  selfApproval: boolean;
  comment: string;
  /** The approver vouches for a version that fails its gates. */
  isOverride: boolean;
}

/** The first thing in the way of an approval; null where nothing is. */
export function approvalObstacle(state: DecisionState): Obstacle | null {
  return whoObstacle(state) ?? (needsOverride(state.promotion) && !state.isOverride ? 'gates' : null) ?? commentObstacle(state);
}

export function rejectionObstacle(state: DecisionState): Obstacle | null {
  return whoObstacle(state) ?? commentObstacle(state);
}

/** Gates guard `champion` alone. */
export function needsOverride({ alias, gates }: Promotion): boolean {
  return alias === 'champion' && gates?.verdict === 'failed' && gates.override === null;
}

export function mayWithdraw({ status, requestedBy }: Promotion, me: Me): boolean {
  return status === 'open' && requestedBy === me.person;
}

function whoObstacle({ promotion, me, selfApproval }: DecisionState): Obstacle | null {
  if (promotion.status !== 'open') {
    return 'closed';
  }
  if (!me.permissions.includes('registry:approve')) {
    return 'no_permission';
  }
  return promotion.requestedBy === me.person && !selfApproval ? 'own_request' : null;
}

function commentObstacle({ comment }: DecisionState): Obstacle | null {
  return comment.trim() === '' ? 'comment' : null;
}
