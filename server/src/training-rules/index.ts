export { createTrainingRules, type FindingNews, type NamedFinding, type TrainingRules, type Watched } from './service';
