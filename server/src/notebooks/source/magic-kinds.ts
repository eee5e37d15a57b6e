import type { Magics } from './magics';

/** Magics that only time or watch the Python they are given. */
const TIMERS = new Set(['time', 'timeit', 'prun', 'lprun', 'mprun', 'memit', 'snakeviz', 'pyinstrument', 'scalene']);
/** Of these, the ones that run it in a namespace of its own. */
const ISOLATED = new Set(['timeit', 'memit']);
const DISPLAYS = new Set(['html', 'HTML', 'javascript', 'js', 'latex', 'markdown', 'svg', 'SVG']);
const SHELLS = new Set(['bash', 'sh', 'script', 'system', 'sx', '!', 'cmd', 'powershell', 'perl', 'ruby', 'python', 'python2', 'python3', 'pypy']);
/** Magics that change nothing a cell computes. */
const HARMLESS = new Set(
  'matplotlib config load_ext reload_ext unload_ext autoreload precision who whos who_ls history hist pinfo pinfo2 pdoc psource pfile page magic lsmagic quickref colors xmode doctest_mode automagic autosave pdb debug tb alias_magic logstart logstop logon logoff notebook pwd ls env_list gui time tensorboard watermark nbagg inline psearch recall rerun pastebin aimport'.split(' ')
);

/**
 * Notes what a cell magic does.
 * @returns whether the cell's body is this kernel's Python: yes, no, or in a namespace of its own
 */
export function cellMagic(line: string, body: string, magics: Magics): boolean | 'isolated' {
  const [, name, rest] = /^%%(\S*)\s*([\s\S]*)$/.exec(line) as unknown as [string, string, string];
  if (ISOLATED.has(name)) {
    return 'isolated';
  }
  if (TIMERS.has(name)) {
    return true;
  }
  if (name === 'capture') {
    magics.binds.push(...rest.split(/\s+/).filter(word => /^[A-Za-z_]\w*$/.test(word)));
    return true;
  }
  if (name === 'writefile' || name === 'file') {
    magics.writes.push(...rest.split(/\s+/).filter(word => word && !word.startsWith('-')).slice(0, 1));
    return false;
  }
  if (DISPLAYS.has(name)) {
    return false;
  }
  if (SHELLS.has(name)) {
    magics.shell.push(body);
    magics.binds.push(...[...rest.matchAll(/--(?:out|err|proc)[= ]+(\w+)/g)].map(m => m[1]!));
    magics.warnings.push(`runs \`%%${name}\`: what it changes is not seen`);
    return false;
  }
  if (HARMLESS.has(name)) {
    return true;
  }
  magics.warnings.push(`is code of the magic \`%%${name}\`: what it reads and binds is not seen`);
  return false;
}

/** Notes what a line magic or shell line does; returns the Python it holds, if any. */
export function lineMagic(sign: string, text: string, magics: Magics): { text: string; isIsolated: boolean } | null {
  if (sign !== '%') {
    shellLine(text, magics);
    return null;
  }
  const [, name, rest] = /^%?([^\s({[]*)\s*([\s\S]*)$/.exec(text) as unknown as [string, string, string];
  if (TIMERS.has(name)) {
    const code = rest.replace(/^(?:-[a-zA-Z]+(?:[ \t]+\d+|(?<=-[fmsT])[ \t]+\S+)?[ \t]+|-[a-zA-Z]\d+[ \t]+)+/, '');
    return code ? { text: code, isIsolated: ISOLATED.has(name) } : null;
  }
  otherLine(name, rest, magics);
  return null;
}

function otherLine(name: string, rest: string, magics: Magics): void {
  if (['pip', 'conda', 'mamba', 'uv'].includes(name)) {
    magics.warnings.push(`installs packages (\`%${name}\`): a pipeline uses those of the kernel’s environment`);
  } else if (name === 'cd' || name === 'pushd' || name === 'popd') {
    magics.changesFolder = true;
  } else if (name === 'env' || name === 'set_env') {
    magics.changesEnvironment ||= /[= ]/.test(rest);
  } else if (name === 'store') {
    const names = rest.split(/\s+/).filter(word => /^[A-Za-z_]\w*$/.test(word));
    magics[/(^|\s)-r\b/.test(rest) ? 'binds' : 'uses'].push(...names);
    magics.warnings.push('uses `%store`: values from outside the notebook');
  } else if (name === 'pylab') {
    magics.binds.push('np', 'plt', 'matplotlib', 'pylab', 'mlab');
    magics.bindsUnseen = true;
    magics.warnings.push('uses `%pylab`: it binds more names than are seen');
  } else if (name === 'run' || name === 'load' || name === 'reset' || name === 'reset_selective' || name === 'macro' || name === 'edit') {
    magics.shell.push(rest);
    magics.bindsUnseen = true;
    magics.warnings.push(`uses \`%${name}\`: the names it binds are not seen`);
  } else if (name === 'sx' || name === 'system') {
    shellLine(rest, magics);
  } else if (!HARMLESS.has(name)) {
    magics.warnings.push(`uses the magic \`%${name}\`: what it does is not seen`);
  }
}

function shellLine(text: string, magics: Magics): void {
  magics.shell.push(text);
  magics.uses.push(...[...text.matchAll(/\{([A-Za-z_]\w*)[^{}]*\}|(?<![\\$])\$([A-Za-z_]\w*)/g)].map(m => (m[1] ?? m[2])!).filter(name => name === name.toLowerCase() || !text.includes(`$${name}`)));
  magics.warnings.push(`runs a shell command (\`!${text.trim().slice(0, 40)}\`): what it changes is not seen`);
}
