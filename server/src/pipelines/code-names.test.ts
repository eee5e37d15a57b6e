import { codeNames } from './code-names';

test('imports, functions and classes of the top level, by the names they bind', () => {
  const source = 'import numpy as np, os.path\nfrom sklearn.metrics import (\n  accuracy_score,\n  f1_score as f1\n)\ndef score(x):\n    import inner\n    return x\nclass Model:\n    def fit(self): ...\nvalue = 1  # import nothing';
  expect(codeNames(source)).toEqual(['np', 'os', 'accuracy_score', 'f1', 'score', 'Model']);
});
