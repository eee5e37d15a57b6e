// Loaded before a daemon under test (`NODE_OPTIONS=--require`): ends it with
// SIGKILL before or after a change of the orchestrator's or the scheduler's
// state reaches PostgreSQL. A point is what a transaction, or a statement of
// its own, changes; each is walked once, and noted in SLIPWAY_TEST_WALKED.
// The product knows nothing of this: statements are read as they go out.
const { appendFileSync, readFileSync } = require('node:fs');
const { Socket } = require('node:net');

const walkedFile = process.env.SLIPWAY_TEST_WALKED;
/** How many of the new points end the daemon: all, or so many of a hundred. */
const percent = Number(process.env.SLIPWAY_TEST_WALK_PERCENT ?? 100);
const TABLES = /^(job|pool_seat|pipeline_run|step_run|map_item|approval|run_timer|step_cache|schedule|schedule_fire|backfill|backfill_item|trigger_signal|trigger_firing|pipeline_trigger|registered_model|model_version)$/;
const walked = new Set(readFileSync(walkedFile, 'utf8').split('\n'));
const open = new WeakMap();

/** The text of a query, simple or to be parsed; undefined for anything else on the wire. */
function textOf(chunk) {
  if (!Buffer.isBuffer(chunk) || chunk.length < 6 || (chunk[0] !== 0x51 && chunk[0] !== 0x50) || chunk.readInt32BE(1) > chunk.length - 1) {
    return undefined;
  }
  const from = chunk[0] === 0x51 ? 5 : chunk.indexOf(0, 5) + 1;
  return chunk.toString('utf8', from, chunk.indexOf(0, from));
}

function changesOf(text) {
  return [...text.matchAll(/\b(insert into|update|delete from) "?(\w+)"?/gi)].map(([, verb, table]) => ({ verb: verb.toLowerCase(), table })).filter(c => TABLES.test(c.table)).map(c => `${c.verb} ${c.table}`);
}

/** The point that the statement ends, if it ends one. */
function pointOf(socket, text) {
  const changes = open.get(socket);
  if (/^\s*(begin|start transaction)\b/i.test(text)) {
    open.set(socket, []);
  } else if (/^\s*rollback\b/i.test(text)) {
    open.delete(socket);
  } else if (/^\s*commit\b/i.test(text)) {
    open.delete(socket);
    return changes?.join(', ');
  } else if (changes) {
    changesOf(text).forEach(change => change !== changes.at(-1) && changes.push(change));
  } else {
    return changesOf(text).join(', ');
  }
  return undefined;
}

/** True where the daemon ends here. */
function isChosen(point) {
  if (walked.has(point)) {
    return false;
  }
  walked.add(point);
  const isLucky = Math.random() * 100 < percent;
  if (isLucky) {
    appendFileSync(walkedFile, `${point}\n`);
  }
  return isLucky;
}

const die = () => process.kill(process.pid, 'SIGKILL');
const { write } = Socket.prototype;
Socket.prototype.write = function (chunk, ...rest) {
  const text = textOf(chunk);
  const point = text && pointOf(this, text);
  if (point && isChosen(`before ${point}`)) {
    die();
  } else if (point && isChosen(`after ${point}`)) {
    this.prependOnceListener('data', die);
  }
  return write.call(this, chunk, ...rest);
};
