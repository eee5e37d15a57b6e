export { buildId, readDaemonFile, version } from './daemon-file';
export { homePaths, prepareHome, type HomePaths } from './home';
export { PortTaken } from './listen';
export { HomeTaken, holderOf } from './lock';
export { runDaemon } from './run';
