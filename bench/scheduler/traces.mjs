// Three traces of jobs, made from published distributions with fixed seeds: the
// same every time. They are no recordings. Other draws of the same have other seeds.

/** Numbers in [0, 1) that are the same every time (mulberry32). */
function generator(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const normal = random => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const logNormal = (random, median, sigma) => median * Math.exp(sigma * normal(random));
const exponential = (random, mean) => -mean * Math.log(1 - random());
const pick = (random, weighted) => {
  let left = random() * weighted.reduce((sum, [, w]) => sum + w, 0);
  return (weighted.find(([, w]) => (left -= w) < 0) ?? weighted.at(-1))[0];
};
/** People ask for more time than they need: a factor between 1 and 5 (Mu'alem and Feitelson 2001). */
const limitOf = (random, run) => Math.ceil(run * (1 + 4 * random() ** 2));
/** More by day than by night, as in Lublin and Feitelson 2003. */
const daily = at => 1 + 0.8 * Math.sin((2 * Math.PI * (at - 6 * 3600)) / 86_400);

function trace(seed, count, job, meanGapS) {
  const random = generator(seed);
  const rows = [];
  for (let at = 0; rows.length < count; ) {
    at += exponential(random, meanGapS / daily(at));
    rows.push({ submit_s: Math.round(at), ...job(random) });
  }
  return rows;
}

/** The traces by their names; draw 0 is the one that is reported. */
export const tracesOf = draw => ({
  // Sizes and lengths as told of a deep-learning cluster (Jeon et al., ATC 2019): most ask for one GPU, lengths are heavy-tailed.
  'deep-learning': trace(11 + 1_000 * draw, 1_500, random => {
    const run = Math.min(172_800, Math.max(30, Math.round(logNormal(random, 780, 1.9))));
    const gpus = pick(random, [[1, 70], [2, 10], [4, 9], [8, 11]]);
    return { run_s: run, limit_s: limitOf(random, run), project: pick(random, [['vision', 5], ['speech', 3], ['ads', 2], ['research', 1]]), gpus, cpus: 4, memory_gib: 16 };
  }, 190),
  // Powers of two and two kinds of lengths, short and long, as in Lublin and Feitelson's model of parallel jobs (2003).
  parallel: trace(23 + 1_000 * draw, 1_500, random => {
    const run = Math.max(10, Math.round(random() < 0.65 ? logNormal(random, 120, 1.1) : logNormal(random, 9_000, 0.8)));
    const ranks = pick(random, [[1, 24], [2, 16], [4, 18], [8, 20], [16, 14], [32, 8]]);
    return { run_s: run, limit_s: limitOf(random, run), project: `group${Math.floor(random() * 8)}`, gpus: 1, ranks, cpus: 2, memory_gib: 8 };
  }, 520),
  // Sweeps of many short trials beside a few wide trainings.
  sweeps: trace(37 + 1_000 * draw, 1_500, random => {
    const isWide = random() < 0.06;
    const run = Math.max(20, Math.round(isWide ? logNormal(random, 14_400, 0.6) : logNormal(random, 600, 0.9)));
    return { run_s: run, limit_s: limitOf(random, run), project: pick(random, [['sweep', 6], ['train', 2], ['night', 2]]), gpus: isWide ? 8 : 1, ranks: isWide ? pick(random, [[1, 3], [2, 2], [4, 1]]) : 1, cpus: 4, memory_gib: 16 };
  }, 210)
});

const COLUMNS = ['submit_s', 'run_s', 'limit_s', 'project', 'gpus', 'ranks', 'cpus', 'memory_gib'];

/** The rows as the CSV that `slipway simulate` reads. */
export const toCsv = rows => [COLUMNS.join(','), ...rows.map(row => COLUMNS.map(column => row[column] ?? '').join(','))].join('\n');
