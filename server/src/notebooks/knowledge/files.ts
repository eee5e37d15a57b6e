import { words } from './methods';

/** What a call writes, and in which argument the path and the saved value stand. */
export interface Save {
  kind: 'model' | 'table' | 'array' | 'file' | 'figure';
  /** Index among the positional arguments; keyword names by which it may be given. */
  path: number;
  pathKeywords: readonly string[];
  /** Index of the saved value; null: what the method is called on. */
  value: number | null;
}

const PATH_KEYWORDS = ['path', 'path_or_buf', 'path_or_buffer', 'fname', 'file', 'filename', 'filepath', 'f', 'fp', 'excel_writer', 'buf', 'con', 'name', 'save_directory', 'artifact_path'];
const save = (kind: Save['kind'], value: number | null, path: number): Save => ({ kind, value, path, pathKeywords: PATH_KEYWORDS });

const FUNCTIONS: Record<string, Save> = {
  'joblib.dump': save('model', 0, 1),
  'sklearn.externals.joblib.dump': save('model', 0, 1),
  'skops.io.dump': save('model', 0, 1),
  'pickle.dump': save('model', 0, 1),
  'cPickle.dump': save('model', 0, 1),
  'dill.dump': save('model', 0, 1),
  'cloudpickle.dump': save('model', 0, 1),
  'torch.save': save('model', 0, 1),
  'torch.jit.save': save('model', 0, 1),
  'torch.onnx.export': save('model', 0, 2),
  'onnx.save': save('model', 0, 1),
  'onnx.save_model': save('model', 0, 1),
  'tensorflow.saved_model.save': save('model', 0, 1),
  'tensorflow.keras.models.save_model': save('model', 0, 1),
  'keras.models.save_model': save('model', 0, 1),
  'json.dump': save('file', 0, 1),
  'yaml.dump': save('file', 0, 1),
  'yaml.safe_dump': save('file', 0, 1),
  'numpy.save': save('array', 1, 0),
  'numpy.savez': save('array', 1, 0),
  'numpy.savez_compressed': save('array', 1, 0),
  'numpy.savetxt': save('array', 1, 0),
  'scipy.sparse.save_npz': save('array', 1, 0),
  'scipy.io.savemat': save('array', 1, 0),
  'pyarrow.parquet.write_table': save('table', 0, 1),
  'pyarrow.feather.write_feather': save('table', 0, 1),
  'pyarrow.csv.write_csv': save('table', 0, 1),
  'matplotlib.pyplot.savefig': save('figure', null, 0),
  'matplotlib.pyplot.imsave': save('figure', 1, 0),
  'cv2.imwrite': save('figure', 1, 0),
  'plotly.io.write_image': save('figure', 0, 1),
  'plotly.offline.plot': save('figure', 0, 9),
  'shutil.copy': save('file', 0, 1),
  'shutil.copyfile': save('file', 0, 1),
  'shutil.copy2': save('file', 0, 1),
  'shutil.copytree': save('file', 0, 1),
  'shutil.move': save('file', 0, 1),
  'os.rename': save('file', 0, 1),
  'os.replace': save('file', 0, 1),
  'shutil.make_archive': save('file', 2, 0),
  'urllib.request.urlretrieve': save('file', 0, 1)
};
const NO_SINKS = words('shutil.copy shutil.copyfile shutil.copy2 shutil.copytree shutil.move os.rename os.replace shutil.make_archive urllib.request.urlretrieve');

/** How a library function saves, if it does. */
export function saveOfFunction(fullName: string): Save | null {
  if (Object.hasOwn(FUNCTIONS, fullName)) {
    return FUNCTIONS[fullName]!;
  }
  if (/^mlflow\.\w+(\.\w+)?\.(log_model|save_model)$/.test(fullName)) {
    return save('model', 0, 1);
  }
  return null;
}

/** Whether what the function writes is a result, not a step on the way (a download, a copy). */
export function isResult(fullName: string): boolean {
  return !NO_SINKS.has(fullName);
}

const TABLES = words('to_csv to_parquet to_json to_excel to_pickle to_feather to_sql to_hdf to_stata to_gbq to_orc to_xml write_csv write_parquet write_json write_ipc write_excel write_delta saveAsTable');
const MODELS = words('save save_model save_pretrained save_weights dump_model export_model');

/** How a method saves what it is called on, if it does. */
export function saveOfMethod(name: string, argumentCount: number): Save | null {
  if (argumentCount === 0) {
    return null;
  }
  if (TABLES.has(name)) {
    return name === 'to_sql' ? { ...save('table', null, 0), pathKeywords: ['name'] } : save('table', null, 0);
  }
  if (MODELS.has(name)) {
    return save('model', null, 0);
  }
  if (name === 'savefig' || name === 'write_image' || name === 'write_html') {
    return save('figure', null, 0);
  }
  if (name === 'write_text' || name === 'write_bytes') {
    return { kind: 'file', value: 0, path: -1, pathKeywords: [] };
  }
  return null;
}

/** Whether a mode of `open` writes. */
export function writes(mode: string): boolean {
  return /[wax+]/.test(mode);
}

/** Functions that make folders: what is written into them later needs them. */
export const MAKES_FOLDER = words('os.makedirs os.mkdir');
/** Functions that look at all files of a folder. */
export const LISTS_FOLDER = words('os.listdir os.walk os.scandir glob.glob glob.iglob');
/** Functions that only ask about a path or take it away. */
export const ONLY_ASKS = words('os.path.join os.path.exists os.path.isfile os.path.isdir os.path.basename os.path.dirname os.path.abspath os.path.splitext os.path.expanduser pathlib.Path pathlib.PurePath print display len str repr');

/** Whether a call's name says that it brings data in. */
export function isLoader(fullName: string): boolean {
  const last = fullName.slice(fullName.lastIndexOf('.') + 1);
  return /^(read_\w+|load|load_\w+|fetch_\w+|loadtxt|genfromtxt|fromfile|imread|urlopen|urlretrieve|open_dataset|scan_\w+|from_csv|ImageFolder|image_dataset_from_directory|make_(classification|regression|blobs|moons|circles|friedman1))$/.test(last) && !/^(load_(model|weights|state_dict|ext|dotenv))$/.test(last);
}

/** `./data//x.csv` and `data/x.csv` are one file. */
export function normalPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') {
      parts.pop();
    } else if (part !== '.' && (part !== '' || parts.length === 0)) {
      parts.push(part);
    }
  }
  return parts.join('/');
}
