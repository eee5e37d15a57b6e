const path = require('node:path');
const { BannerPlugin } = require('webpack');

const source = name => path.resolve(__dirname, name, 'src');

/**
 * The daemon and the command line as one file: it starts in a fraction of the
 * time hundreds of modules take. Types are checked by `npm run types`, not here.
 */
module.exports = {
  mode: 'production',
  target: 'node20',
  devtool: false,
  entry: { slipway: './server/src/main.ts' },
  output: { path: path.resolve(__dirname, 'build'), filename: '[name].js', libraryTarget: 'commonjs2' },
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
  // Native addons and what looks for its own files at run time stay outside.
  externals: Object.fromEntries(['zeromq', 'pg-native', 'swagger-ui-dist', 'pino', 'express'].map(name => [name, `commonjs ${name}`])),
  externalsPresets: { node: true },
  node: { __dirname: false, __filename: false },
  // Stack traces that name our functions are worth more than a smaller file.
  optimization: { minimize: false },
  performance: { hints: false },
  stats: 'errors-warnings',
  // Kysely's loader of migration files, which we do not use, imports by name.
  ignoreWarnings: [{ module: /kysely.*file-migration-provider/ }],
  plugins: [new BannerPlugin({ banner: '// Built from server/ and kernels-bridge/ by webpack.config.js.', raw: true })]
};
