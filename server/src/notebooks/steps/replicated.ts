import { child, items, splitAt, type Node } from '../source/node';
import { words } from '../knowledge/methods';
import type { Graph } from '../graph';
import type { Unit } from '../interpret/unit';
import { importedNames } from '../interpret/imports';

const CHEAP_CALLS = words(`Path PurePath join dict list tuple set frozenset range len sorted str int float bool namedtuple device is_available getenv get
  cpu_count timedelta datetime date SimpleNamespace now today min max sum round abs zip enumerate dirname abspath expanduser format
  getcwd cwd exists dataclass field Enum compile getLogger version keys values items defaultdict OrderedDict upper lower split replace strip`);
const CONFIGURING = /^(seed|manual_seed|manual_seed_all|set_seed|set_random_seed|seed_everything|filterwarnings|simplefilter|set_option|reset_option|use|style|set|set_style|set_theme|set_palette|set_context|set_config|set_matplotlib_formats|rc|basicConfig|setLevel|seterr|set_printoptions|append|insert|extend|makedirs|mkdir|chdir|load_dotenv|autolog|set_\w+|enable_\w+|disable_\w+|use_\w+|register_\w+|setdefault|update|patch_sklearn|init_notebook_mode|print|display|disable|ignore)$/;

/**
 * The needed cells that only define: imports, functions, classes, constants,
 * seeds and settings. They take no time and are run in every step that uses
 * them, rather than having modules and functions carried between processes.
 * A definition that some cell changes later is a value like others.
 */
export function replicatedUnits(graph: Graph, needed: readonly number[]): Set<number> {
  const imported = new Set(needed.flatMap(u => importsOf(graph.parsed[u]!.tree)));
  // What nothing needed rests on is there for its own sake: a result.
  const isRestedOn = new Set(needed.flatMap(u => [...graph.units[u]!.dependsOn]));
  const found = new Set(needed.filter(u => isRestedOn.has(u) && isDefinition(graph, u, imported)));
  for (let isChanging = true; isChanging; ) {
    isChanging = false;
    for (const u of found) {
      const unit = graph.units[u]!;
      const restsOnValues = [...unit.dependsOn].some(d => !found.has(d));
      const isChanged = needed.some(other => !found.has(other) && other > u && changesValue(graph.units[other]!, unit, imported));
      if (restsOnValues || isChanged) {
        found.delete(u);
        isChanging = true;
      }
    }
  }
  return found;
}

/** Whether a unit changes in place what the definition bound; modules may be changed, as each process has its own. */
function changesValue(unit: Unit, definition: Unit, imported: ReadonlySet<string>): boolean {
  return [...unit.mutates].some(name => definition.defines.has(name) && !imported.has(name) && !unit.defines.has(name)) || [...unit.weak.keys()].some(name => definition.defines.has(name));
}

function importsOf(node: Node): string[] {
  return node.name === 'ImportStatement' ? importedNames(node).map(i => i.name) : node.kids.flatMap(k => (/^(Script|Body|StatementGroup|TryStatement|IfStatement|ImportStatement)$/.test(k.name) ? importsOf(k) : []));
}

function isDefinition(graph: Graph, index: number, imported: ReadonlySet<string>): boolean {
  const unit = graph.units[index]!;
  const cell = graph.parsed[index]!;
  const works = ['load', 'train', 'build', 'fitTransformer', 'predict', 'draw', 'call'].some(f => unit.features.has(f as never));
  const isOpaque = cell.magics.shell.length > 0 || cell.magics.writes.length > 0 || cell.magics.isolated.length > 0;
  return !works && !isOpaque && unit.saves.length === 0 && unit.metrics.length === 0 && unit.weak.size === 0 && isCheap(cell.tree, imported);
}

function isCheap(node: Node, imported: ReadonlySet<string>): boolean {
  switch (node.name) {
    case 'ImportStatement':
    case 'FunctionDefinition':
    case 'ClassDefinition':
    case 'DecoratedStatement':
    case 'PassStatement':
    case 'TypeDefinition':
    case 'LambdaExpression':
      return true;
    case 'AssignStatement': {
      const groups = splitAt(node.kids.filter(k => k.name !== 'TypeDef'), 'AssignOp');
      return groups.slice(0, -1).flat().every(t => isTarget(t, imported)) && groups.at(-1)!.every(k => isCheap(k, imported));
    }
    case 'ExpressionStatement':
      return node.kids.every(k => (k.name === 'CallExpression' ? isConfiguring(k, imported) : isCheap(k, imported)));
    case 'CallExpression': {
      const callee = node.kids[0]!;
      const name = callee.kids.at(-1)?.text ?? callee.text;
      return CHEAP_CALLS.has(name) && isCheapCallee(callee, imported) && items(child(node, 'ArgList')!).every(k => isCheap(k, imported));
    }
    case 'ForStatement':
      return isListing(node);
    case 'DeleteStatement':
    case 'UpdateStatement':
    case 'WhileStatement':
    case 'WithStatement':
    case 'MatchStatement':
    case 'AwaitExpression':
    case 'NamedExpression':
    case 'YieldExpression':
      return false;
    default:
      return node.kids.every(k => isCheap(k, imported));
  }
}

/** A loop that only prints, such as the list of input files that hosted notebooks begin with. */
function isListing(loop: Node): boolean {
  const body = child(loop, 'Body')!;
  return body.kids.filter(k => k.name !== ':').every(k => (k.name === 'ForStatement' ? isListing(k) : k.name === 'ExpressionStatement' && /^print\(/.test(k.text)));
}

function isCheapCallee(callee: Node, imported: ReadonlySet<string>): boolean {
  return callee.name === 'VariableName' || callee.kids.length === 0 || isCheap(callee.kids[0]!, imported);
}

function isTarget(node: Node, imported: ReadonlySet<string>): boolean {
  if (node.name === 'MemberExpression') {
    return imported.has(rootOf(node).text);
  }
  return ['VariableName', ',', '*', '(', ')', '[', ']', 'TupleExpression', 'ArrayExpression'].includes(node.name) && node.kids.every(k => isTarget(k, imported));
}

/** `np.random.seed(0)`, `print(...)`, `sys.path.append(...)`, and helpers called like a setting: `set_seed(1)`. */
function isConfiguring(node: Node, imported: ReadonlySet<string>): boolean {
  const callee = node.kids[0]!;
  const name = callee.kids.at(-1)?.text ?? callee.text;
  const root = rootOf(callee);
  const isKnown = callee.name === 'VariableName' || imported.has(root.text) || (root.name === 'CallExpression' && /^(Path|logging)/.test(root.text));
  return isKnown && CONFIGURING.test(name) && items(child(node, 'ArgList')!).every(k => isCheap(k, imported));
}

function rootOf(node: Node): Node {
  let root = node;
  while (root.name === 'MemberExpression') {
    root = root.kids[0]!;
  }
  return root;
}
