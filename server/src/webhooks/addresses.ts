import { lookup } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { InvalidInput } from '../core/errors';

export interface Address {
  address: string;
  family: number;
}
export type Resolve = (host: string) => Promise<Address[]>;
/** A connection was refused before it was made: the name leads where webhooks may not go. */
export class ForbiddenAddress extends Error {}

const RESOLVE_TIMEOUT_MS = 5_000;
/** IANA's special-purpose registries; of IPv6 only 2000::/3 is public at all. */
const NOT_PUBLIC_V4 = ['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'];
const PUBLIC_V6 = listOf(['2000::/3'], 'ipv6');
// Teredo and 6to4 carry an IPv4 address that could be anyone's.
const NOT_PUBLIC_V6 = listOf(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'], 'ipv6');
const BLOCKED_V4 = listOf(NOT_PUBLIC_V4, 'ipv4');

/** True for an address on the public internet. */
export function isPublic(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !BLOCKED_V4.check(address, 'ipv4');
    case 6:
      return PUBLIC_V6.check(address, 'ipv6') && !NOT_PUBLIC_V6.check(address, 'ipv6');
    default:
      return false;
  }
}

/** What webhooks may call: the public internet, and hosts (`host` or `host:port`) that the configuration names. */
export function createAddressRules(allowedHosts: readonly string[], resolve: Resolve = resolveName) {
  const allowed = new Set(allowedHosts.map(h => h.toLowerCase()));
  const isNamed = (url: URL): boolean => allowed.has(url.hostname) || allowed.has(bare(url.hostname)) || allowed.has(`${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`);

  /** Public addresses of a host, as many as there are. @throws {ForbiddenAddress} when any is not public */
  async function publicAddresses(host: string): Promise<Address[]> {
    const literal = isIP(host);
    const found = literal ? [{ address: host, family: literal }] : await resolve(host);
    const wrong = found.find(a => !isPublic(a.address));
    if (found.length === 0 || wrong) {
      throw new ForbiddenAddress(`${host} leads to ${wrong?.address ?? 'nowhere'}, which is not a public address. Name the host in SLIPWAY_WEBHOOK_ALLOWED_HOSTS if it is meant.`);
    }
    return found;
  }

  return {
    /** @throws {InvalidInput} `invalid_webhook_url` unless an event may be sent there */
    async check(text: string): Promise<void> {
      const url = parseUrl(text);
      if (isNamed(url)) {
        return;
      }
      try {
        await publicAddresses(bare(url.hostname));
      } catch (cause) {
        throw new InvalidInput('invalid_webhook_url', cause instanceof ForbiddenAddress ? cause.message : `Cannot resolve the webhook URL's host ${url.hostname}.`, { cause });
      }
    },
    /**
     * How a request to the URL finds its address. What is looked up is what is
     * connected to, so a name that leads elsewhere a moment later gains nothing.
     * undefined: as the system does. @throws {ForbiddenAddress} for an address itself, which is not looked up
     */
    lookupFor(url: URL): LookupFunction | undefined {
      if (isNamed(url)) {
        return undefined;
      }
      const host = bare(url.hostname);
      if (isIP(host) && !isPublic(host)) {
        throw new ForbiddenAddress(`${host} is not a public address.`);
      }
      return (hostname, options, callback) => {
        publicAddresses(hostname).then(
          found => (options.all ? callback(null, found) : callback(null, found[0]!.address, found[0]!.family)),
          (error: Error) => callback(error, '')
        );
      };
    }
  };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    throw new InvalidInput('invalid_webhook_url', `Invalid webhook URL scheme or host: '${text.slice(0, 200)}'. Allowed schemes are: https, http.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new InvalidInput('invalid_webhook_url', 'A webhook URL must not hold credentials: whoever may see the webhook would read them. Use a secret.');
  }
  return url;
}

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

async function resolveName(host: string): Promise<Address[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Resolving ${host} took too long.`)), RESOLVE_TIMEOUT_MS);
  });
  return Promise.race([lookup(host, { all: true }), late]).finally(() => clearTimeout(timer));
}

function listOf(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [net, prefix] = range.split('/');
    list.addSubnet(net!, Number(prefix), family);
  }
  return list;
}
