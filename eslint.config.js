import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/',
      'packages/*/lib/',
      'packages/*/dist/',
      'packages/*/.generate-*',
      '**/cdk.out/',
      '**/cdktf.out/',
      '**/kolla.out/',
      '.tandem/',
      'dist/',
      'test/golden/',
    ],
  },
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // A number in a message is meant to be read; objects and undefined stay forbidden.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `() => void call()` and `() => list.push(x)` in callbacks hide nothing.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Constructs are made for their effect on the tree.
      'no-new': 'off',
      // `async` without `await` keeps an adapter's synchronous method a method of an asynchronous port.
      '@typescript-eslint/require-await': 'off',
      // tsc asks for `x['y']` on index signatures (noPropertyAccessFromIndexSignature).
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'No enums: a union of string literals needs no run time.' },
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Named exports only: a name is found by search and survives a rename.',
        },
      ],
    },
  },
  {
    // A construct's class may hold nothing but its constructor; the tree gives back `IConstruct`, to be cast to what was put in.
    files: ['stacks/**', 'lib/engines/**', 'lib/openstack/**', 'lib/aws/**', 'test/**'],
    rules: {
      '@typescript-eslint/no-extraneous-class': ['error', { allowConstructorOnly: true }],
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  {
    // An action gets its world from its context, and tells its host.
    files: ['lib/actions/**'],
    rules: { 'no-restricted-globals': ['error', 'process', 'console'] },
  },
  {
    // Tests reach for known elements and hand over odd values on purpose.
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    // Tools' configuration is read through a default export; plain scripts print.
    files: ['*.config.ts', '*.config.js', 'scripts/**', 'bin/**', 'bench/**', 'lab/**'],
    rules: { 'no-restricted-syntax': 'off', 'no-console': 'off' },
  },
  {
    // JavaScript that runs before anything is installed: tsc checks its JSDoc types.
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
