import { words } from './methods';

const TRANSFORMER = /(Scaler|Encoder|Imputer|Vectorizer|Transformer|Selector|SelectKBest|SelectPercentile|SelectFromModel|Normalizer|Binarizer|Discretizer|PolynomialFeatures|PCA|TruncatedSVD|TSNE|UMAP|Tokenizer|SMOTE|OverSampler|UnderSampler|ADASYN|TextVectorization|Normalization|Hasher|RFE|RFECV|FeatureUnion)$/;
const ESTIMATOR_FAMILIES = /^(sklearn\.(ensemble|linear_model|svm|tree|neighbors|naive_bayes|neural_network|cluster|discriminant_analysis|gaussian_process|kernel_ridge|isotonic|mixture|dummy|calibration|multiclass|multioutput|semi_supervised|cross_decomposition)|xgboost|lightgbm|catboost|keras|torch|statsmodels|prophet|transformers|surprise|pytorch_lightning|lightning|fastai|imblearn\.ensemble)\b/;
const ESTIMATOR = /(Classifier|Regressor|Regression|SVC|SVR|KMeans|DBSCAN|NB|Model|SearchCV|Network|Net)$/;
const NO_ESTIMATORS = words('DMatrix Dataset Pool DataLoader TensorDataset Tensor FloatTensor LongTensor Subset EarlyStopping ModelCheckpoint ReduceLROnPlateau');
const TRAINING = words('xgboost.train xgboost.cv lightgbm.train lightgbm.cv catboost.train');

function last(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf('.') + 1);
}

/** Whether a class prepares data rather than predicts. */
export function isTransformer(type: string): boolean {
  return TRANSFORMER.test(last(type));
}

/** Whether a class is a model, or a part of making one (an optimizer, a pipeline, a search). */
export function isEstimator(fullName: string): boolean {
  const name = last(fullName);
  if (isTransformer(fullName) || NO_ESTIMATORS.has(name)) {
    return false;
  }
  return (/^[A-Z]/.test(name) && (ESTIMATOR_FAMILIES.test(fullName) || ESTIMATOR.test(name) || name === 'Pipeline')) || name === 'make_pipeline';
}

/** Functions that train by themselves. */
export function trains(fullName: string): boolean {
  return TRAINING.has(fullName);
}

const FITS = words('fit fit_generator partial_fit train train_on_batch learn fit_predict backward step minimize optimize fit_one_cycle fine_tune');

/** What calling a method says about the work of its cell. */
export function workOfMethod(name: string, type: string | null): 'train' | 'fitTransformer' | 'predict' | null {
  if (name === 'fit_transform' || name === 'fit_resample' || name === 'fit_on_texts' || name === 'adapt') {
    return 'fitTransformer';
  }
  if (FITS.has(name)) {
    return type !== null && isTransformer(type) ? 'fitTransformer' : 'train';
  }
  return /^(predict\w*|decision_function|score|evaluate|staged_predict|kneighbors|forecast)$/.test(name) ? 'predict' : null;
}
