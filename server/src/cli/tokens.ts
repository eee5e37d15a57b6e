import { endpoints, PERMISSIONS, type Permission } from '@slipway/schema';
import { InvalidArgumentError, type Command } from 'commander';
import { createClient, findDaemon } from './client';
import { CliError, EXIT, print, printJson } from './output';

interface Options {
  json?: boolean;
  home?: string;
}

/** Of somebody who looks at what others do, and decides about it. */
const APPROVER: readonly Permission[] = ['system:read', 'jobs:read', 'runs:read', 'registry:read', 'registry:approve', 'pipelines:read', 'pipelines:approve'];

/** `slipway tokens add|list|revoke`: who else may call, and what they may do. A secret is printed once, when it is made. */
export function tokensCommand(program: Command): void {
  const tokens = program.command('tokens').description('Let other people and programs call the daemon.');
  const options = (command: Command): Command => command.option('--json', 'print one JSON value').option('--home <folder>', 'the daemon’s home');
  options(tokens.command('add <name>').description('Make a token; its secret is shown this once.'))
    .option('--may <permission...>', `what it may do (${PERMISSIONS.join(', ')}); without it: read, and approve`, toPermissions)
    .option('--days <n>', 'how long it is good for; without it: until it is revoked', toDays)
    .action(async (name: string, { json, home, may, days }: Options & { may?: Permission[]; days?: number }) => {
      const body = { name, permissions: may ?? [...APPROVER], ...(days !== undefined && { expiresInDays: days }) };
      const token = await createClient(findDaemon(home)).call(endpoints.access.createToken, { body });
      json ? printJson(token) : print(`${token.name} may ${token.permissions.join(', ')}.\nThe token, shown this once: ${token.secret}`);
    });
  options(tokens.command('list').description('List the tokens there are, without their secrets.')).action(async ({ json, home }: Options) => {
    const { items } = await createClient(findDaemon(home)).call(endpoints.access.listTokens);
    json ? printJson(items) : items.forEach(t => print([t.id, t.name, `made ${t.createdAt}`, t.lastUsedAt === null ? 'never used' : `used ${t.lastUsedAt}`, ...(t.expiresAt === null ? [] : [`until ${t.expiresAt}`])].join('  ')));
  });
  options(tokens.command('revoke <name-or-id>').description('End one: it is refused from now on.')).action(async (named: string, { json, home }: Options) => {
    const client = createClient(findDaemon(home));
    const found = (await client.call(endpoints.access.listTokens)).items.filter(t => t.name === named || t.id === named);
    const [token] = found;
    if (!token || found.length > 1) {
      throw new CliError(EXIT.usage, 'no_such_token', token ? `${found.length} tokens are named ${named}; name one by its id: ${found.map(t => t.id).join(', ')}.` : `There is no token ${named}: see \`slipway tokens list\`.`);
    }
    await client.call(endpoints.access.revokeToken, { params: { tokenId: token.id } });
    json ? printJson({ revoked: token.id }) : print(`${token.name} is revoked.`);
  });
}

function toPermissions(text: string, before: Permission[] = []): Permission[] {
  const known = PERMISSIONS.find(p => p === text);
  if (!known) {
    throw new InvalidArgumentError(`It is one of ${PERMISSIONS.join(', ')}.`);
  }
  return [...before, known];
}

function toDays(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) {
    throw new InvalidArgumentError('It is a number of days.');
  }
  return Number(text);
}
