import { ALREADY_RUN } from '../parcel/parcel';
import { AlreadyRun, runParcel } from './run-parcel';

// `node step-runner.cjs FOLDER`, as engines start it. Bundled by webpack.config.js.
const folder = process.argv[2];
if (folder === undefined) {
  console.error('usage: node step-runner.cjs FOLDER');
  process.exit(2);
}
runParcel(folder, __dirname).then(
  status => process.exit(status === 'succeeded' ? 0 : 1),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(error instanceof AlreadyRun ? ALREADY_RUN : 70);
  }
);
