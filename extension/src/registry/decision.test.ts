import type { GateEvaluation, Me, Promotion } from '@slipway/schema';
import { approvalObstacle, mayWithdraw, rejectionObstacle, type DecisionState } from './decision';

const instant = '2026-01-01T00:00:00.000Z';
function promotion(overrides: Partial<Promotion> = {}): Promotion {
  return { id: '0', model: 'fraud', version: '2', alias: 'champion', status: 'open', instructions: '', requestedBy: 'token:ann', requestedAt: instant, expiresAt: instant, decidedBy: null, decidedAt: null, comment: null, replaced: null, gates: null, ...overrides };
}
const failed: GateEvaluation = { id: '0', model: 'fraud', version: '2', verdict: 'failed', trigger: 'promotion', results: [], evaluatedBy: 'token:ann', evaluatedAt: instant, override: null };
const bob: Me = { person: 'token:bob', permissions: ['registry:read', 'registry:write', 'registry:approve'] };
const ann: Me = { ...bob, person: 'token:ann' };
const state = (overrides: Partial<DecisionState> = {}): DecisionState => ({ promotion: promotion(), me: bob, selfApproval: false, comment: 'looked', isOverride: false, ...overrides });

test('another person with the permission decides, with a comment', () => {
  expect([approvalObstacle(state()), rejectionObstacle(state())]).toEqual([null, null]);
  expect([approvalObstacle(state({ comment: ' ' })), rejectionObstacle(state({ comment: '' }))]).toEqual(['comment', 'comment']);
  expect(approvalObstacle(state({ me: { ...bob, permissions: ['registry:write'] } }))).toBe('no_permission');
  expect(approvalObstacle(state({ promotion: promotion({ status: 'expired' }) }))).toBe('closed');
});

test('who asked decides only where the model allows it, and may always withdraw', () => {
  expect([approvalObstacle(state({ me: ann })), rejectionObstacle(state({ me: ann }))]).toEqual(['own_request', 'own_request']);
  expect(approvalObstacle(state({ me: ann, selfApproval: true }))).toBeNull();
  expect([mayWithdraw(promotion(), ann), mayWithdraw(promotion(), bob), mayWithdraw(promotion({ status: 'rejected' }), ann)]).toEqual([true, false, false]);
});

test('failed gates are overridden expressly, and guard champion alone', () => {
  expect(approvalObstacle(state({ promotion: promotion({ gates: failed }) }))).toBe('gates');
  expect(approvalObstacle(state({ promotion: promotion({ gates: failed }), isOverride: true }))).toBeNull();
  expect(rejectionObstacle(state({ promotion: promotion({ gates: failed }) }))).toBeNull();
  expect(approvalObstacle(state({ promotion: promotion({ alias: 'staging', gates: failed }) }))).toBeNull();
});
