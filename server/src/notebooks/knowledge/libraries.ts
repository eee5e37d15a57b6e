import { words } from './methods';

/** Calls that set a generator of random numbers, by full name → the states they set. */
const SEEDS: Record<string, string[]> = {
  'numpy.random.seed': ['numpy'],
  'numpy.random.set_state': ['numpy'],
  'random.seed': ['random'],
  'random.setstate': ['random'],
  'torch.manual_seed': ['torch'],
  'torch.cuda.manual_seed': ['torch'],
  'torch.cuda.manual_seed_all': ['torch'],
  'torch.random.manual_seed': ['torch'],
  'torch.set_rng_state': ['torch'],
  'tensorflow.random.set_seed': ['tensorflow'],
  'tensorflow.set_random_seed': ['tensorflow'],
  'tensorflow.compat.v1.set_random_seed': ['tensorflow'],
  'mxnet.random.seed': ['mxnet'],
  'cupy.random.seed': ['cupy']
};
const SEED_ALL = /(^|\.)(seed_everything|set_random_seed|seed_all|set_all_seeds|set_seed)$/;

/** Which random states a call seeds, if it does. */
export function seededBy(fullName: string): string[] {
  return SEEDS[fullName] ?? (SEED_ALL.test(fullName) ? ['numpy', 'random', 'torch', 'tensorflow'] : []);
}

const NUMPY_PURE = words('seed set_state get_state default_rng RandomState Generator SeedSequence PCG64 MT19937 Philox BitGenerator');
const RANDOM_PURE = words('seed setstate getstate Random SystemRandom');
const TORCH_DRAWS = words('rand randn randint randperm normal bernoulli multinomial poisson rand_like randn_like randint_like');
const SCIKIT_DRAWS = words(`train_test_split KFold StratifiedKFold ShuffleSplit StratifiedShuffleSplit GroupShuffleSplit RepeatedKFold RepeatedStratifiedKFold
  shuffle resample make_classification make_regression make_blobs make_moons make_circles make_gaussian_quantiles make_friedman1
  permutation_importance RandomizedSearchCV learning_curve`);
/** Estimators that draw random numbers when fitted, unless given `random_state`. */
const STOCHASTIC = /^(Random(Forest|Trees|izedSearch|OverSampler|UnderSampler)|ExtraTree|Gradient|HistGradient|AdaBoost|Bagging|DecisionTree|MLP|SGD|Perceptron|PassiveAggressive|KMeans|MiniBatch|Isolation|GaussianMixture|BayesianGaussian|TSNE|NMF|LatentDirichlet|FastICA|TruncatedSVD|SMOTE|ADASYN|SVMSMOTE|BorderlineSMOTE|Dummy|Birch|Spectral|RBFSampler|Nystroem|LinearSVC|Stacking|Voting|QuantileTransformer|UMAP)/;

/** Which random state a library call draws from, if any and if it is not given one of its own. */
export function drawsFrom(fullName: string, hasOwnState: boolean): string | null {
  const last = fullName.slice(fullName.lastIndexOf('.') + 1);
  if (fullName.startsWith('numpy.random.')) {
    return NUMPY_PURE.has(last) ? null : 'numpy';
  }
  if (/^random\.\w+$/.test(fullName)) {
    return RANDOM_PURE.has(last) ? null : 'random';
  }
  if (fullName.startsWith('torch.')) {
    return TORCH_DRAWS.has(last) || (fullName.startsWith('torch.nn.') && /^(Linear|Bilinear|Conv|LSTM|GRU|RNN|Embedding|Transformer|Multihead|Parameter|init$)/.test(last)) || fullName.startsWith('torch.nn.init.') || last === 'random_split'
      ? 'torch'
      : null;
  }
  if (/^(tensorflow|keras)\./.test(fullName)) {
    return fullName.startsWith('tensorflow.random.') || /\.layers\.\w+$/.test(fullName) || last === 'Sequential' || last === 'fit' ? 'tensorflow' : null;
  }
  if (/^(sklearn|imblearn)\./.test(fullName) && SCIKIT_DRAWS.has(last) && !hasOwnState) {
    return 'numpy';
  }
  return null;
}

/** Whether a class gives estimators that draw when they are fitted. */
export function isStochastic(fullName: string): boolean {
  return /^(sklearn|imblearn|umap)\./.test(fullName) && STOCHASTIC.test(fullName.slice(fullName.lastIndexOf('.') + 1));
}

/** Keywords by which a call brings its own randomness. */
export const OWN_RANDOMNESS = words('random_state seed random_seed generator rng');

/** Calls that change a library's own state, beside seeds: the module counts as changed. */
export function changesModule(fullName: string): boolean {
  return CONFIGURES.has(fullName) || /^tensorflow\.(config|keras\.backend\.set_|keras\.mixed_precision\.set_)/.test(fullName) || /^(mlflow\.(\w+\.)?autolog|mlflow\.set_\w+|torch\.set_\w+|torch\.use_deterministic_algorithms|wandb\.(init|login)|locale\.setlocale|jax\.config\.update)$/.test(fullName);
}
const CONFIGURES = words('numpy.seterr pandas.eval_ os.chdir os.putenv os.environ.update os.environ.setdefault sys.path.append sys.path.insert sys.path.extend sys.setrecursionlimit dotenv.load_dotenv decimal.setcontext');

/** Libraries whose functions leave their arguments alone (those that do not are listed by name). */
const KNOWN = words(`abc altair argparse ast base64 bisect bokeh builtins calendar catboost category_encoders cmath collections contextlib copy csv cv2 cycler
  dask datetime decimal eli5 enum fastai folium fractions functools gc gensim geopandas glob graphviz hashlib heapq imblearn io IPython
  ipywidgets itertools jax joblib json keras lightgbm lime locale logging math matplotlib missingno mlflow mlxtend mpl_toolkits
  multiprocessing networkx nltk numba numpy operator optuna os pandas pandas_profiling pathlib patsy pickle PIL plotly polars pprint prophet
  pyarrow pydantic pytz queue random re requests scikitplot scipy seaborn sentence_transformers shap shutil skimage sklearn skopt spacy
  sqlalchemy sqlite3 stat statistics statsmodels string subprocess sys tabulate tempfile tensorflow textwrap threading time timeit torch
  torchaudio torchvision tqdm transformers typing unittest urllib uuid warnings wordcloud xgboost yaml yellowbrick ydata_profiling zipfile`);

export function isKnownLibrary(fullName: string): boolean {
  return KNOWN.has(fullName.split('.')[0]!);
}

/** Names of functions that, discarded, only show or store something. */
export const ONLY_SHOWS = /^(_?(plot|show|print|display|draw|visuali[sz]e|log|report|save|export|describe|summari[sz]e|check|assert|test|view|inspect|dump|write|compare|render|pprint)(_|$)|.*_(plot|report|summary|chart|graph|heatmap)$|tqdm$)/i;

/** Full names whose calls read the environment or a module search path set by earlier cells. */
export const READS_ENVIRONMENT = words('tensorflow torch jax keras transformers cupy');

/** Plots: what is given to them is shown, not computed with. */
export const PLOT_LIBRARIES = words('matplotlib seaborn plotly altair bokeh folium missingno mpl_toolkits scikitplot yellowbrick wordcloud pandas.plotting IPython eli5 shap');
