// `npm run test:engines [-- slurm|ray|kubernetes …]`: steps on a real Slurm and
// a real Ray, each of two nodes on this machine's loopback, and on a fake of
// Kubernetes' API. Installs what it needs: Slurm from Debian (as root, or by a
// password-less sudo), Ray into an environment of its own. Prints a line for each at the end.
import { ensureReady } from './setup.mjs';
import { installRay, startRay } from './engines/ray.mjs';
import { installSlurm, startSlurm } from './engines/slurm.mjs';
import { say } from './setup/steps.mjs';
import { jest, summarize } from './test/suites.mjs';

const ALL = ['slurm', 'ray', 'kubernetes'];
const CLUSTERS = { slurm: { install: installSlurm, start: startSlurm, title: 'Slurm' }, ray: { install: installRay, start: startRay, title: 'Ray' } };
const wanted = process.argv.slice(2);
const unknown = wanted.filter(name => !ALL.includes(name));
if (unknown.length > 0) {
  console.error(`There is no engine ${unknown.join(', ')}: ${ALL.join(', ')}.`);
  process.exit(2);
}

await ensureReady({ parts: ['npm', 'python', 'sandbox', 'daemon'] });
const results = [];
// One after the other: a machine of two cores has no room for two clusters.
for (const name of wanted.length > 0 ? wanted : ALL) {
  const since = Date.now();
  const cluster = await startCluster(name).catch(err => {
    console.error(err);
    results.push({ name, passed: 0, failed: 1, skipped: 0, seconds: Math.round((Date.now() - since) / 1000) });
  });
  if (cluster === undefined) continue; // the others are run all the same
  const stop = () => void cluster.end?.().finally(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    process.env.SLIPWAY_TEST_ENGINE = JSON.stringify(cluster); // its end is a function, and so left out
    results.push({ ...(await jest(['--forceExit', '--testMatch', `<rootDir>/server/tests/engines/${name}.engines.ts`])), name });
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await cluster.end?.();
  }
}
process.exit(summarize(results) ? 0 : 1);

async function startCluster(name) {
  const kind = CLUSTERS[name];
  await kind?.install();
  say(`Starting ${kind?.title ?? 'the fake of Kubernetes’ API'} …`);
  return (await kind?.start()) ?? {};
}
