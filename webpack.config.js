const { copyFileSync, mkdirSync } = require('node:fs');
const path = require('node:path');
const { BannerPlugin, NormalModuleReplacementPlugin } = require('webpack');

const source = name => path.resolve(__dirname, name, 'src');
const BUILD = path.resolve(__dirname, 'build');
const banner = '// Built from server/ and kernels-bridge/ by webpack.config.js.';

const common = {
  mode: 'production',
  target: 'node20',
  devtool: false,
  resolve: { extensions: ['.ts', '.js'], alias: { '@slipway/schema': source('schema'), '@slipway/kernels-bridge': source('kernels-bridge') } },
  module: {
    rules: [
      {
        test: /\.ts$/,
        loader: 'ts-loader',
        options: {
          transpileOnly: true,
          configFile: path.resolve(__dirname, 'tsconfig.base.json'),
          compilerOptions: { module: 'CommonJS', moduleResolution: 'Node10', composite: false, declaration: false, declarationMap: false, sourceMap: false }
        }
      }
    ]
  },
  externalsPresets: { node: true },
  node: { __dirname: false, __filename: false },
  // Stack traces that name our functions are worth more than a smaller file.
  optimization: { minimize: false },
  performance: { hints: false },
  stats: 'errors-warnings'
};

/**
 * The daemon and the command line as one file: it starts in a fraction of the
 * time hundreds of modules take. Types are checked by `npm run types`, not here.
 */
const daemon = {
  ...common,
  entry: { slipway: './server/src/main.ts' },
  output: { path: BUILD, filename: '[name].js', libraryTarget: 'commonjs2' },
  // Native addons and what looks for its own files at run time stay outside.
  externals: {
    ...Object.fromEntries(['zeromq', 'pg-native', 'swagger-ui-dist', 'pino', 'express'].map(name => [name, `commonjs ${name}`])),
    // 16 MB, of use to few; loaded when the first job goes there.
    '@kubernetes/client-node': 'commonjs @kubernetes/client-node',
    '@aws-sdk/client-s3': 'commonjs @aws-sdk/client-s3' // likewise: for triggers on objects
  },
  // Kysely's loader of migration files, which we do not use, imports by name.
  ignoreWarnings: [{ module: /kysely.*file-migration-provider/ }],
  plugins: [new BannerPlugin({ banner, raw: true })]
};

/** What engines' nodes run a step with: one file, and the builds of its one native addon beside it. */
const stepRunner = {
  ...common,
  entry: { 'step-runner': './kernels-bridge/src/runner/main.ts' },
  output: { path: path.join(BUILD, 'step-runner'), filename: '[name].cjs', libraryTarget: 'commonjs2' },
  plugins: [
    new BannerPlugin({ banner, raw: true }),
    new NormalModuleReplacementPlugin(/^\.\/load-addon/, path.resolve(__dirname, 'kernels-bridge/src/runner/zeromq-addon.ts')),
    { apply: compiler => compiler.hooks.afterEmit.tap('zeromq', copyAddons) }
  ]
};

function copyAddons() {
  const folder = path.join(BUILD, 'step-runner');
  mkdirSync(folder, { recursive: true });
  // Node's interface for addons is stable: these load in Node 20 too, and on older systems than the build for 20 does.
  for (const [arch, libc] of [['x64', 'glibc'], ['x64', 'musl'], ['arm64', 'glibc'], ['arm64', 'musl']]) {
    const from = path.join(path.dirname(require.resolve('zeromq/package.json')), 'build', 'linux', arch, 'node', `${libc}-127-Release`, 'addon.node');
    copyFileSync(from, path.join(folder, `zeromq-linux-${arch}-${libc}.node`));
  }
}

module.exports = [daemon, stepRunner];
