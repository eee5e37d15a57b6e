/** Beside JupyterLab's own rules: the kernel hook travels as text, to be loaded into kernels without it. */
module.exports = {
  module: {
    rules: [
      { test: /[\\/]slipway[\\/]hook[\\/]\w+\.py$/, type: 'asset/source' },
      { test: /metric_functions\.json$/, type: 'asset/source' }
    ]
  }
};
