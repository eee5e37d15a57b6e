import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

const TYPED = ['{schema,kernels-bridge,server,extension}/{src,tests}/**/*.{ts,tsx}', 'ui-tests/**/*.ts'];

export default tseslint.config(
  { ignores: ['**/lib/**', 'build/**', '.venv/**', '.cache/**', 'node_modules/**', '**/test-results/**', 'style/*.js'] },
  {
    files: TYPED,
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/resolver-next': [importX.createNodeResolver({ extensions: ['.ts', '.tsx', '.js'] })]
    },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false, attributes: false } }],
      '@typescript-eslint/no-require-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'no-console': ['error', { allow: ['warn', 'error'] }],
      'no-constant-condition': ['error', { checkLoops: false }],
      'no-var': 'error',
      'prefer-const': 'error'
    }
  },
  {
    // The composition root of tests: one global that jest's set-up and tear-down share.
    files: ['server/tests/global-setup.ts'],
    rules: { 'no-var': 'off' }
  },
  {
    files: ['server/pages/*.mjs', 'scripts/**/*.mjs', 'bin/**/*.mjs', 'bench/**/*.mjs', '*.{js,mjs}'],
    extends: [tseslint.configs.base],
    rules: { '@typescript-eslint/no-unused-vars': 'error', eqeqeq: 'error', 'no-var': 'error', 'prefer-const': 'error' }
  }
);
