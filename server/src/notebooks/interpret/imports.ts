import { splitAt, type Node } from '../source/node';

export interface ImportedName {
  /** The name that is bound; `*` for all of a module's. */
  name: string;
  /** Full dotted name of what it stands for; relative modules keep their dots. */
  origin: string;
  /** The module that is loaded. */
  module: string;
}

/** What an import statement binds. */
export function importedNames(node: Node): ImportedName[] {
  const kids = node.kids.filter(k => k.name !== '(' && k.name !== ')');
  if (kids[0]!.name === 'from') {
    const at = kids.findIndex(k => k.name === 'import');
    const module = kids.slice(1, at).map(k => k.text).join('');
    if (kids[at + 1]?.name === '*') {
      return [{ name: '*', origin: module, module }];
    }
    return splitAt(kids.slice(at + 1), ',').map(group => {
      const [original] = group as [Node];
      return { name: group.at(-1)!.text, origin: canonical(module.endsWith('.') ? module + original.text : `${module}.${original.text}`), module };
    });
  }
  return splitAt(kids.slice(1), ',').map(group => {
    const as = group.findIndex(k => k.name === 'as');
    const module = group.slice(0, as < 0 ? undefined : as).map(k => k.text).join('');
    // `import a.b` binds `a`; `import a.b as c` binds the inner module.
    return as < 0 ? { name: group[0]!.text, origin: group[0]!.text, module } : { name: group[as + 1]!.text, origin: canonical(module), module };
  });
}

/** One spelling for names that libraries offer under several. */
function canonical(name: string): string {
  return name.replace(/^tensorflow\.(compat\.v[12]\.)?keras\b/, 'keras').replace(/^tensorflow\.python\.keras\b/, 'keras').replace(/^matplotlib\.pylab\b/, 'matplotlib.pyplot');
}
