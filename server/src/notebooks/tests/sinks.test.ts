import { draft } from '..';
import { analysisOf, notebookOf } from './notebook-of';

const START = 'import numpy as np, pandas as pd, joblib, pickle, json, torch, mlflow\nfrom sklearn.metrics import accuracy_score, classification_report, confusion_matrix, roc_curve\nimport matplotlib.pyplot as plt\nfrom sklearn.ensemble import RandomForestClassifier';

function isSink(source: string, ...before: string[]): boolean {
  const { sinks, cells } = analysisOf(START, ...before, source, 'accuracy_score(1, 1)');
  return sinks.includes(cells.at(-2)!.id);
}

test.each([
  ['joblib.dump(model, "m.joblib")'],
  ['with open("m.pkl", "wb") as f:\n    pickle.dump(model, f)'],
  ['pickle.dump(model, open("m.pkl", "wb"))'],
  ['torch.save(model.state_dict(), "m.pt")'],
  ['model.save("m.keras")'],
  ['mlflow.sklearn.log_model(model, "model")'],
  ['mlflow.pyfunc.save_model("m")'],
  ['df.to_csv("a.csv")'],
  ['df.groupby("a").sum().to_parquet("a.parquet", index=False)'],
  ['df.to_sql("t", con=engine)'],
  ['with pd.ExcelWriter("a.xlsx") as w:\n    df.to_excel(w)'],
  ['np.save("a.npy", x)'],
  ['np.savetxt("a.txt", x)'],
  ['with open("a.json", "w") as f:\n    json.dump(scores, f)'],
  ['with open("a.txt", "w") as f:\n    f.write("x")'],
  ['from pathlib import Path\nPath("a.txt").write_text("x")'],
  ['print(accuracy_score(y, p))'],
  ['accuracy_score(y, p)'],
  ['display(accuracy_score(y, p))'],
  ['print(classification_report(y, p))'],
  ['confusion_matrix(y, p)'],
  ['df.groupby("a")[["y", "p"]].apply(lambda g: accuracy_score(g.y, g.p))'],
  ['def judge(g):\n    return accuracy_score(g.y, g.p)\nby = df.groupby("a").apply(judge)\nprint(by)'],
  ['print("acc", round(100 * accuracy_score(y, p), 2), "%")'],
  ['model.score(X, y)'],
  ['print(f"{model.score(X, y):.1%}")'],
  ['acc = accuracy_score(y, p)\nprint("Accuracy: {:.2f}".format(acc))'],
  ['acc = accuracy_score(y, p)\nacc'],
  ['mlflow.log_metric("auc", 0.5)'],
  ['mlflow.log_metrics({"auc": v, "f1": w})'],
  ['mlflow.log_param("trees", 10)'],
  ['with mlflow.start_run():\n    mlflow.log_params({"trees": 10})\n    mlflow.set_tag("by", "me")'],
  ['fig = plt.figure()\nmlflow.log_figure(fig, "a.png")'],
  ['for m in models:\n    print(m, accuracy_score(y, m.predict(X)))'],
  ['scores = {}\nfor m in models:\n    scores[m] = accuracy_score(y, m.predict(X))\nprint(scores)'],
  ['res = []\nfor m in models:\n    res.append((m, accuracy_score(y, m.predict(X))))\npd.DataFrame(res)'],
  ['def report(m):\n    print("acc", accuracy_score(y, m.predict(X)))\nreport(model)'],
  ['def rmse(a, b):\n    return ((a - b) ** 2).mean() ** 0.5\nprint(rmse(y, p))'],
  ['from sklearn.model_selection import cross_val_score\nprint(cross_val_score(model, X, y).mean())'],
  ['from sklearn.model_selection import GridSearchCV\ng = GridSearchCV(m, {})\ng.fit(X, y)\nprint(g.best_params_, g.best_score_)'],
  ['from tensorflow import keras\nmodel = keras.Sequential([])\nmodel.evaluate(X, y)']
])('a sink: %j', source => {
  expect(isSink(source)).toBe(true);
});

test.each([
  ['df.head()'],
  ['print(df.shape, len(df))'],
  ['df.to_csv()'],
  ['df.to_dict()\nprint(df.to_string())'],
  ['plt.savefig("a.png")'],
  ['acc = accuracy_score(y, p)'],
  ['fpr, tpr, _ = roc_curve(y, p)\nplt.plot(fpr, tpr)'],
  ['def report(m):\n    print(accuracy_score(y, m.predict(X)))'],
  ['open("a.txt").read()'],
  ['x = pd.read_csv("a.csv")\nx.describe()'],
  ['df["a"].mean()'],
  ['accuracy_score(y, p);'],
  ['accuracy_score(y, p)\nNone'],
  ['model.predict(X)']
])('no sink: %j', source => {
  expect(isSink(source)).toBe(false);
});

test('a metric bound above and printed below makes the printing cell the sink', () => {
  expect(analysisOf(START, 'acc = accuracy_score(y, p)', 'print("accuracy", acc)').sinks).toEqual(['c']);
});

test('what is told to a tracker alone makes no pipeline, and takes no metric’s place', () => {
  expect(analysisOf(START, 'mlflow.log_param("a", 1)').sinks).toEqual([]);
  expect(analysisOf(START, 'acc = accuracy_score(y, p)', 'mlflow.log_param("a", 1)').sinks).toEqual(['b', 'c']);
});

test('with nothing saved or printed, metrics that are bound count; then figures', () => {
  expect(analysisOf(START, 'acc = accuracy_score(y, p)').sinks).toEqual(['b']);
  expect(analysisOf(START, 'plt.plot([1])\nplt.savefig("a.png")').sinks).toEqual(['b']);
  expect(analysisOf('x = 1', 'x + 1').sinks).toEqual([]);
});

test('where models are saved, the metrics of other trainings are abandoned attempts', () => {
  const notebook = notebookOf(
    START,
    'X = pd.read_csv("a.csv")',
    'a = RandomForestClassifier().fit(X, y)',
    'print(accuracy_score(y, a.predict(X)))',
    'b = RandomForestClassifier(n_estimators=5).fit(X, y)',
    'print(accuracy_score(y, b.predict(X)))',
    'joblib.dump(b, "b.joblib")'
  );
  const { analysis, cells } = draft(notebook);
  expect(analysis.sinks).toEqual(['d', 'f', 'g']);
  expect(analysis.needed).toEqual(['a', 'b', 'e', 'f', 'g']);
  expect(cells.filter(c => !c.isNeeded).map(c => [c.id, c.reason])).toEqual([
    ['c', 'abandoned attempt: its model is not saved'],
    ['d', 'abandoned attempt: its model is not saved']
  ]);
  expect(draft(notebook, { sinks: ['d'] }).analysis.needed).toEqual(['a', 'b', 'c', 'd']);
});

test('without saved models every metric stays', () => {
  const { analysis } = draft(notebookOf(START, 'a = RandomForestClassifier().fit(X, y)', 'print(a.score(X, y))', 'b = RandomForestClassifier().fit(X, y)', 'print(b.score(X, y))'));
  expect(analysis.needed).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('a saved scaler is no model to log; a saved dict of both names the model', () => {
  const save = (source: string): unknown => draft(notebookOf(START, 'from sklearn.preprocessing import StandardScaler\nscaler = StandardScaler()\nscaler.fit(X)', 'model = RandomForestClassifier()\nmodel.fit(X, y)', 'X_test = read()\nprint(model.score(X_test, y))', source)).models;
  expect(save('joblib.dump(scaler, "s.joblib")')).toEqual([]);
  expect(save('joblib.dump({"model": model, "scaler": scaler}, "b.joblib")')).toEqual([{ cellId: 'e', variable: 'model', path: 'b.joblib', dataName: 'X_test' }]);
  expect(save('with open("m.pkl", "wb") as f:\n    pickle.dump(model, f)')).toEqual([{ cellId: 'e', variable: 'model', path: 'm.pkl', dataName: 'X_test' }]);
});

test('every cell that falls away says why', () => {
  const { cells, warnings } = draft(notebookOf('!pip install pandas', 'import pandas as pd', 'df = pd.read_csv("a.csv")', 'df.head()', 'df.plot()', 'tmp = df.copy()', 'tmp.sum()', '', 'x = (', 'df.to_csv("b.csv")'));
  expect(cells.map(c => c.reason)).toEqual([
    'installs packages: a pipeline uses the kernel’s environment',
    null,
    null,
    'exploration: it only shows something',
    'exploration: it only plots',
    'exploration: only cells that fall away use what it makes',
    'exploration: it only shows something',
    'empty',
    'it does not parse (line 1)',
    null
  ]);
  expect(warnings).toHaveLength(3);
  expect(draft(notebookOf('x = 1')).warnings[0]).toContain('choose the cells');
});
