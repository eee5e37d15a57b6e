import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { apt, ask } from '../setup/steps.mjs';
import { createProcesses, freePorts, until } from './processes.mjs';

const run = promisify(execFile);
const PACKAGES = ['slurmctld', 'slurmd', 'slurmrestd', 'slurm-client', 'slurm-wlm-jwt-plugin', 'munge'];

/** Slurm's programs, from Debian. */
export async function installSlurm() {
  if (ask('dpkg-query', ['--show', ...PACKAGES]) === null) {
    await apt(PACKAGES, 'The tests of engines run a real Slurm.');
  }
}

/** Two nodes with two GPUs each (by name only) on this machine; gives how to reach it, and its end. */
export async function startSlurm() {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-slurm-'));
  const [ctl, rest, ...nodes] = await freePorts(4);
  const { username } = userInfo();
  writeCluster(folder, { ctl, nodes, username });
  const conf = join(folder, 'slurm.conf');
  const env = { SLURM_CONF: conf, PATH: `${process.env.PATH}:/usr/sbin` };
  const processes = createProcesses(folder);
  const scontrol = async (...args) => (await run('scontrol', args, { env: { ...process.env, ...env } })).stdout;
  const end = async () => {
    await run('scancel', ['--user', username], { env: { ...process.env, ...env } }).catch(() => undefined);
    await until('Slurm did not end its jobs', async () => !(await run('squeue', ['--noheader'], { env: { ...process.env, ...env } })).stdout.trim(), 20_000).catch(() => undefined);
    await processes.end();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    processes.start('munged', 'munged', ['--foreground', '--force', `--key-file=${folder}/munge.key`, `--socket=${folder}/run/munge.sock`, `--pid-file=${folder}/run/munged.pid`, `--log-file=${folder}/munged.log`, `--seed-file=${folder}/run/munged.seed`], env);
    await until('munged did not start', () => hasSocket(`${folder}/run/munge.sock`), 20_000);
    processes.start('slurmctld', 'slurmctld', ['-D', '-c', '-f', conf], env);
    await until('slurmctld did not answer', async () => (await scontrol('ping').catch(() => '')).includes('is UP'), 60_000);
    nodes.forEach((_, i) => processes.start(`slurmd${i}`, 'slurmd', ['-D', '-N', `n${i}`, '-f', conf], env));
    await until('Slurm’s nodes are not idle', async () => (await run('sinfo', ['--noheader', '--Node', '--format', '%T'], { env: { ...process.env, ...env } }).catch(() => ({ stdout: '' }))).stdout.trim().split('\n').filter(state => state === 'idle').length === 2, 60_000);
    const token = join(folder, 'token');
    writeFileSync(token, await scontrol('token', 'lifespan=36000'), { mode: 0o600 });
    processes.start('slurmrestd', 'slurmrestd', ['-f', conf, '-a', 'rest_auth/jwt', '-s', 'openapi/v0.0.38', `127.0.0.1:${rest}`], { ...env, SLURM_JWT: 'daemon', SLURMRESTD_SECURITY: 'disable_user_check,disable_unshare_sysv,disable_unshare_files' });
    const headers = { 'X-SLURM-USER-NAME': username, 'X-SLURM-USER-TOKEN': readFileSync(token, 'utf8').trim().replace('SLURM_JWT=', '') };
    await until('slurmrestd did not answer', async () => (await fetch(`http://127.0.0.1:${rest}/slurm/v0.0.38/ping`, { headers }).catch(() => null))?.ok, 30_000);
    return { url: `http://127.0.0.1:${rest}`, user: username, token, end };
  } catch (error) {
    console.error(processes.gone().map(name => `${name}: ${readFileSync(join(folder, `${name}.log`), 'utf8').slice(-2000)}`).join('\n'));
    await processes.end();
    throw error;
  }
}

function hasSocket(path) {
  return run('test', ['-S', path]).then(() => true, () => false);
}

function writeCluster(folder, { ctl, nodes, username }) {
  ['run', 'state', 'spool.n0', 'spool.n1', 'dev'].forEach(name => mkdirSync(join(folder, name)));
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'munge.key'), randomBytes(1024), { mode: 0o600 });
  writeFileSync(join(folder, 'jwt.key'), randomBytes(32), { mode: 0o600 });
  [0, 1, 2, 3].forEach(i => symlinkSync('/dev/null', join(folder, 'dev', `nvidia${i}`))); // of a plain file it says that it is no device, and tells jobs nothing of their GPUs
  writeFileSync(join(folder, 'gres.conf'), `NodeName=n0 Name=gpu Type=a100 File=${folder}/dev/nvidia[0-1]\nNodeName=n1 Name=gpu Type=a100 File=${folder}/dev/nvidia[2-3]\n`);
  writeFileSync(join(folder, 'cgroup.conf'), 'CgroupMountpoint=/sys/fs/cgroup\nCgroupAutomount=no\nConstrainCores=no\nConstrainRAMSpace=no\nConstrainDevices=no\n');
  const host = hostname();
  writeFileSync(join(folder, 'slurm.conf'), `ClusterName=slipway
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${ctl}
AuthType=auth/munge
AuthInfo=socket=${folder}/run/munge.sock
AuthAltTypes=auth/jwt
AuthAltParameters=jwt_key=${folder}/jwt.key
CredType=cred/munge
SlurmUser=${username}
SlurmdUser=${username}
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool.%n
SlurmctldLogFile=${folder}/slurmctld.txt
SlurmdLogFile=${folder}/slurmd.%n.txt
SlurmctldPidFile=${folder}/run/slurmctld.pid
SlurmdPidFile=${folder}/run/slurmd.%n.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherParams=OverMemoryKill
JobAcctGatherFrequency=2
JobCompType=jobcomp/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerType=sched/backfill
SchedulerParameters=sched_min_interval=100000,batch_sched_delay=0,sched_interval=5,bf_interval=5
MpiDefault=none
MailProg=/bin/true
ReturnToService=2
SwitchType=switch/none
GresTypes=gpu
KillWait=10
MinJobAge=3600
DefMemPerCPU=256
SlurmdParameters=config_overrides
${nodes.map((port, i) => `NodeName=n${i} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${port} CPUs=8 Boards=1 SocketsPerBoard=1 CoresPerSocket=8 ThreadsPerCore=1 RealMemory=8000 Gres=gpu:a100:2 State=UNKNOWN`).join('\n')}
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
`);
}
