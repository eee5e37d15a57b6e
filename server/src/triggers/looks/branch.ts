import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { keyNow, type Look, type PolledOf } from './look';

const run = promisify(execFile);
const TIMEOUT_MS = 20_000;

export async function lookAtBranch({ repository, branch }: PolledOf<'git'>, known: unknown): Promise<Look> {
  const before = known as { commit: string } | null;
  const { stdout } = await run('git', ['-C', repository, 'rev-parse', '--verify', `refs/heads/${branch}`], { timeout: TIMEOUT_MS }).catch((cause: unknown) => {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new Error(`git finds no branch ${branch} in ${repository}: ${said}`, { cause });
  });
  const commit = stdout.trim();
  const isNew = before !== null && before.commit !== commit;
  const data = { repository, branch, before: before?.commit ?? null, commit };
  return { state: { commit }, signal: isNew ? { key: keyNow(commit), reason: `${branch} of ${repository} is at ${commit.slice(0, 10)}.`, data } : null };
}
