export { defaultGroups } from './grouping';
export { groupsOf } from './given-groups';
export { describeSteps } from './describe';
