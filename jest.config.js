/** One project a workspace; `npm test` adds the browser tests after these. */
module.exports = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.tsx?$': ['ts-jest', { tsconfig: '<rootDir>/tsconfig.jest.json' }],
    // An ES module, which jest on Node 20 cannot require.
    '/@marcbachmann/cel-js/.+\\.js$': ['ts-jest', { tsconfig: { allowJs: true, module: 'CommonJS', moduleResolution: 'Node10', target: 'ES2022', isolatedModules: true, esModuleInterop: true } }]
  },
  transformIgnorePatterns: ['/node_modules/(?!@marcbachmann/)'],
  moduleNameMapper: {
    '^@slipway/schema$': '<rootDir>/schema/src',
    '^@slipway/kernels-bridge$': '<rootDir>/kernels-bridge/src'
  },
  testMatch: ['<rootDir>/{schema,kernels-bridge,server,extension,scripts}/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/.venv/', '<rootDir>/.cache/'],
  testPathIgnorePatterns: ['/node_modules/', '/lib/', '/build/'],
  globalSetup: '<rootDir>/server/tests/global-setup.ts',
  globalTeardown: '<rootDir>/server/tests/global-teardown.ts',
  maxWorkers: 2
};
