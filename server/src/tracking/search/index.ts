export { compare, type Kind } from './compare';
export { searchExperiments } from './experiment-search';
export { parseFilter, parseOrderBy, type Comparison, type Ordering } from './grammar';
export { searchLoggedModels, type ModelOrder, type ModelQuery, type OnDataset } from './logged-model-search';
export { offsetOf, pageOf, type Found, type Page, type ViewType } from './page';
export { searchRuns } from './run-search';
