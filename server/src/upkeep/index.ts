export { createHousekeeping } from './housekeeping';
export { upkeepRoutes } from './routes';
export { createUpkeep, type Upkeep } from './service';
export { createUpkeepTimer } from './timer';
