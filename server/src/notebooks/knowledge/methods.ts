/** Splits a list written as words. */
export const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Methods of lists, dicts, sets, queues, frames: they change the slots of what they are called on, not what lies in them. */
export const CONTAINER_METHODS = words(`append appendleft extend extendleft insert update pop popleft popitem remove clear sort reverse
  rotate setdefault add discard difference_update intersection_update symmetric_difference_update subtract put put_nowait push
  fill resize itemset setflags setfield partition byteswap add_categories_inplace writerow writerows writelines`);

/** Methods that change an object and may change what it holds (an optimizer changes its model). */
export const CHANGING_METHODS = words(`fit partial_fit fit_transform fit_predict fit_resample fit_sample fit_generator fit_on_texts train_on_batch train
  train_step step zero_grad backward compile load_state_dict load_weights set_weights set_params set_index_inplace build adapt
  learn minimize optimize run_epoch requires_grad_ register_buffer register_parameter register_forward_hook add_module eval
  freeze unfreeze reset reset_states reset_index_inplace build_vocab add_documents seed shuffle tell calibrate
  add_layer add_edge add_edges_from add_node add_nodes_from remove_node remove_edge add_subplot set_title`);

/** Of the container methods, those that frames and series offer without changing themselves. */
export const PURE_ON_FRAMES = words('append add sort subtract clear put reverse partition push');

/** Methods known not to change what they are called on, even where nobody takes the result. */
export const PURE_METHODS = words(`head tail sample describe info show plot hist boxplot value_counts print display nunique unique count sum mean
  median mode std var min max quantile corr cov skew kurt kurtosis groupby agg aggregate apply applymap map transform pipe filter query
  eval_ isin isna isnull notna notnull dropna fillna drop drop_duplicates duplicated sort_values sort_index rename reset_index set_index
  reindex astype convert_dtypes infer_objects merge join concat pivot pivot_table melt stack unstack explode assign copy deepcopy
  replace clip round abs cumsum cumprod diff shift rolling expanding ewm resample interpolate rank cut qcut nlargest nsmallest idxmax
  idxmin select_dtypes memory_usage items iteritems iterrows itertuples keys values get to_frame to_numpy to_list tolist to_dict
  to_string to_html to_markdown to_latex to_csv to_parquet to_json to_excel to_pickle to_feather to_sql to_hdf to_stata to_gbq
  to_datetime to_period strftime bar barh scatter line pie area kde density hexbin predict predict_proba predict_log_proba
  decision_function score evaluate inverse_transform score_samples get_params get_feature_names get_feature_names_out
  get_booster get_weights get_config get_layer feature_importances cv_results kneighbors apply_ staged_predict summary
  count_params state_dict parameters named_parameters children modules save save_model save_weights save_pretrained dump dumps
  savefig tight_layout write to cpu cuda numpy item detach size dim shape view reshape flatten ravel squeeze
  unsqueeze transpose permute swapaxes dot matmul argmax argmin argsort nonzero all any prod cumulative trace conj repeat take
  compress diagonal searchsorted split strip lstrip rstrip lower upper title capitalize startswith endswith find index encode decode
  format splitlines rsplit partition_ zfill isdigit isalpha isnumeric center ljust rjust match search findall finditer sub
  fullmatch group groups span exists is_file is_dir iterdir glob rglob read_text read_bytes mkdir write_text write_bytes unlink
  touch rmdir resolve absolute relative_to with_suffix joinpath open close flush read readline readlines seek tell_ execute_
  fetchall fetchone fetchmany commit result done difference intersection union issubset issuperset symmetric_difference isdisjoint
  isoformat date time weekday total_seconds timestamp format_map style background_gradient highlight_max highlight_min set_precision_
  bit_length as_integer_ratio conjugate most_common elements tocsr tocsc toarray todense nnz crosstab equals compare xs at_time
  between_time first last nth cumcount ngroup get_group size pct_change autocorr between where mask add_prefix add_suffix to_timestamp
  tz_localize tz_convert lookup squeeze truncate bfill ffill pad backfill update_layout_ add_trace_ info_ debug warning error
  critical exception log_metric log_metrics log_param log_params log_artifact log_model set_tag set_tags register_model
  plot_importance show_batch lr_find_ most_confused plot_confusion_matrix plot_top_losses conf_int forecast get_prediction
  plot_diagnostics plot_acf wait`);

/** Methods whose result is a window on what they are called on: to change it changes that. */
export const VIEW_METHODS = words(`items values get parameters named_parameters modules named_modules children get_layer ravel reshape view
  transpose squeeze unsqueeze permute swapaxes expand to cpu cuda double float_ half gca get_axes get_legend flatten_ flat named_children`);

/** Methods that give back the very object. */
export const SELF_METHODS = words('fit partial_fit set_params train eval to cuda cpu requires_grad_ compile_ add_trace update_layout add_edge_ seed_');

/** Methods of a plot's axes, figures and grids that only read. */
export const PURE_ON_AXES = words('get_figure get_xlim get_ylim get_legend_handles_labels savefig show get_xticklabels get_yticklabels get_xticks get_yticks get_title');

/** Functions that change their first argument (others are told apart by their full name). */
export const CHANGES_FIRST_ARGUMENT = words(`random.shuffle numpy.random.shuffle heapq.heappush heapq.heappop heapq.heapify heapq.heapreplace heapq.heappushpop
  bisect.insort bisect.insort_left bisect.insort_right numpy.put numpy.place numpy.copyto numpy.putmask numpy.fill_diagonal
  numpy.put_along_axis setattr delattr next operator.setitem operator.delitem operator.iadd torch.nn.utils.clip_grad_norm_
  torch.nn.utils.clip_grad_value_ builtins.setattr builtins.delattr builtins.next itertools.islice`);

/** Constructors that do not keep what they are given: results of a copy. */
export const CLONING_FAMILIES = words('pandas numpy polars sklearn xgboost lightgbm catboost collections pathlib datetime string re decimal fractions');
/** Of these, the ones that keep it after all. */
export const KEEPING_MODULES = words('sklearn.pipeline sklearn.compose imblearn.pipeline');

/** Names of builtin functions and values, and those IPython adds. */
export const BUILTINS = words(`abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex copyright credits
  delattr dict dir display divmod enumerate eval exec exit filter float format frozenset get_ipython getattr globals hasattr hash help
  hex id input int isinstance issubclass iter len license list locals map max memoryview min next object oct open ord pow print
  property quit range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip In Out _ __ ___ _i _ii _iii
  ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError BufferError
  BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError
  DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception ExceptionGroup False FileExistsError
  FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning IndentationError IndexError
  InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError None
  NotADirectoryError NotImplemented NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError
  ProcessLookupError RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration
  SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError True TypeError UnboundLocalError UnicodeDecodeError
  UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError
  __build_class__ __debug__ __doc__ __import__ __loader__ __name__ __package__ __spec__ __file__ __builtins__`);

/** Builtins that give back a fresh copy or a scalar: nothing they return is the argument. */
export const SCALAR_BUILTINS = words('len int float str bool round abs sum hash id repr format ord chr bin hex oct divmod pow isinstance issubclass hasattr callable');
