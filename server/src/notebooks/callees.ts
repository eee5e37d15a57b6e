import { bare, type Node } from './source/node';

/** The last name of what is called: `fit` of `model.fit`, `RandomForestClassifier` of `ens.RandomForestClassifier`. */
export function lastName(callee: Node): string {
  const inner = bare(callee);
  if (inner.name === 'VariableName') {
    return inner.text;
  }
  return inner.name === 'MemberExpression' && inner.kids.at(-1)!.name === 'PropertyName' ? inner.kids.at(-1)!.text : '';
}

/** The name an expression starts from: `plt` of `plt.gca().set(…)`; '' when it starts from none. */
export function rootName(node: Node): string {
  let root = bare(node);
  while (root.name === 'MemberExpression' || root.name === 'CallExpression') {
    root = bare(root.kids[0]!);
  }
  return root.name === 'VariableName' ? root.text : '';
}

const SHOW_ROOTS = /^(plt|sns|px|go|ax|axs|axes|ax\d|axes?\d*|fig|fig\d|figure|mpl|matplotlib|seaborn|alt|pprint|display|print|warnings|msno)$/;
const SHOW_CALLS = /^(print|display|pprint|plot|hist|boxplot|scatterplot|savefig|subplots|figure|heatmap|pairplot|set_option|to_string|head|tail|filterwarnings|simplefilter|set_printoptions|set_title|set_xlabel|set_ylabel|legend|basicConfig|plot_\w+)$/;

/** Whether a call only prints, plots or sets how things look. */
export function isShowing(call: Node): boolean {
  const callee = call.kids[0]!;
  return SHOW_CALLS.test(lastName(callee)) || SHOW_ROOTS.test(rootName(callee)) || /\.plot\b/.test(callee.text);
}
