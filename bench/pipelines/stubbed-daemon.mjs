// A daemon as `slipway serve` starts it, but for its executor: once told so by
// its parent, what a step gave before is given again at once, in place of a
// kernel. What is left is what Slipway itself does for a step.
import { loadTypeScript } from './load-typescript.mjs';

const [home, cpus] = process.argv.slice(2);
const { runDaemon } = loadTypeScript('server/src/daemon/index.ts');
const { readConfig } = loadTypeScript('server/src/core/config.ts');
const { createLog } = loadTypeScript('server/src/core/log.ts');

/** No process has it: nothing is signalled, and nothing taken for a leftover. */
const NO_PID = 2 ** 22 + 1;
const known = new Map();
let isReal = () => true;

function stubbed(local) {
  return {
    async run(job, observer) {
      const label = job.label.replace(/ \[\d+\]$/, '');
      const outcome = isReal(label) ? undefined : known.get(label);
      if (outcome) {
        observer.onStarted(NO_PID);
        return outcome;
      }
      const made = await local.run(job, observer);
      if (made.status === 'succeeded') known.set(label, made);
      return made;
    }
  };
}

const statements = countStatements();
const daemon = await runDaemon({
  config: readConfig({ ...process.env, SLIPWAY_HOME: home }),
  log: createLog('warn'),
  ...{ host: '127.0.0.1', port: 0, auth: 'none', sandbox: 'auto', executor: stubbed },
  capacity: { cpus: Number(cpus), memoryBytes: 2 ** 50, scratchBytes: 2 ** 40, gpus: [] }
});
let highest = 0;
setInterval(() => (highest = Math.max(highest, process.memoryUsage.rss())), 100).unref();

process.on('message', ({ id, ask, labels = [] }) => {
  if (ask === 'stub') isReal = label => labels.some(real => label.endsWith(real));
  if (ask === 'reset') (highest = 0), statements.clear();
  const { user, system } = process.cpuUsage();
  process.send({ id, rssBytes: highest, cpuMs: (user + system) / 1000, statements: [...statements] });
});
process.on('SIGTERM', () => void daemon.stop().then(() => process.exit(0)));
process.on('disconnect', () => void daemon.stop().then(() => process.exit(0)));
process.send({ url: daemon.url });

/** How often each statement is sent to PostgreSQL; only where BENCH_STATEMENTS asks. */
function countStatements() {
  const counts = new Map();
  if (process.env.BENCH_STATEMENTS) {
    const { Client } = loadTypeScript('node_modules/pg/lib/index.js');
    const { query } = Client.prototype;
    Client.prototype.query = function (asked, ...rest) {
      const text = (typeof asked === 'string' ? asked : asked.text).replace(/\s+/g, ' ').replace(/(\(\$\d[^)]*\)(::\w+)?,? ?){2,}/g, '(…)').slice(0, 160);
      counts.set(text, (counts.get(text) ?? 0) + 1);
      return query.call(this, asked, ...rest);
    };
  }
  return counts;
}
