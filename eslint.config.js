/** What types cannot say: which room may import from which, and what hostile text must never reach. */
import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

const TESTS = { regex: '(^|/)test/', message: 'Nothing imports from the tests.' };
const ELECTRON = { regex: '^electron(/|$)', message: 'Only electron/main and electron/preload know Electron.' };
const NODE = { regex: '^node:', message: 'There is no Node in this room.' };
const PAGE = { regex: '^(\\.\\./)+renderer/', message: 'The page is reached through the contract in shared/.' };
const BEYOND_SHARED = { regex: '^(\\.\\./)+(electron|renderer)/', message: 'shared/ is imported, it does not import.' };
const BEYOND_PAGE = { regex: '^(\\.\\./)+electron/', message: 'The host is reached through the contract in shared/.' };
/** @param {string} rooms */
const rooms = (rooms) => ({
  regex: `^(\\.\\./)+(${rooms})/`,
  message: 'Imports point back along the arrow, see CONTRIBUTING.',
});

// A program is started with its arguments, never through a shell: names on the machine are hostile.
const SHELL_IMPORTS = ['node:child_process', 'child_process'].map((name) => ({
  name,
  importNames: ['exec', 'execSync'],
  message: 'Never a shell string: use execFile or spawn with arguments.',
}));
const SHELL_OPTION = {
  selector: "Property[key.name='shell'][value.value=true]",
  message: 'Never a shell string: give the arguments as they are.',
};
// Text from the machine is drawn as text.
const HTML = {
  selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML|srcdoc)$/]',
  message: 'Text from the machine is drawn as text.',
};

/** @param {...{ regex: string, message: string }} patterns */
const imports = (...patterns) => ({
  'no-restricted-imports': ['error', { paths: SHELL_IMPORTS, patterns: [TESTS, ...patterns] }],
});

export default ts.config(
  { ignores: ['dist/', 'release/', 'node_modules/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    rules: {
      // `== null` asks for null and undefined at once.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': ['error', SHELL_OPTION],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // The compiler is told of every index that may be missing; where a line above has settled it, `!` says so.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // A listener that may return something to undo: `void` is what it otherwise returns.
      '@typescript-eslint/no-invalid-void-type': 'off',
      // One signature an event, as Node's and Electron's own typings have it.
      '@typescript-eslint/unified-signatures': 'off',
      // TypeScript knows what is defined.
      'no-undef': 'off',
    },
  },
  { files: ['shared/**'], rules: imports(NODE, ELECTRON, BEYOND_SHARED) },
  { files: ['renderer/**'], rules: imports(NODE, ELECTRON, BEYOND_PAGE) },
  { files: ['renderer/vite.config.ts'], rules: imports(ELECTRON, BEYOND_PAGE) },
  { files: ['electron/transport/**'], rules: imports(ELECTRON, PAGE, rooms('host|cli|main|preload')) },
  { files: ['electron/host/**'], rules: imports(ELECTRON, PAGE, rooms('cli|main|preload')) },
  { files: ['electron/cli/**'], rules: imports(ELECTRON, PAGE, rooms('main|preload')) },
  { files: ['electron/main/**'], rules: imports(PAGE, rooms('host|cli|preload')) },
  { files: ['electron/preload/**'], rules: imports(NODE, PAGE, rooms('host|cli|main|transport')) },
  {
    files: ['renderer/**'],
    languageOptions: { globals: globals.browser },
    rules: {
      'no-restricted-syntax': ['error', SHELL_OPTION, HTML],
      'svelte/no-at-html-tags': 'error',
      'svelte/require-each-key': 'error',
      // Big data is replaced whole and read-only; only what a view watches is reactive.
      'svelte/prefer-svelte-reactivity': 'off',
      // It takes each word of a reason behind `svelte-ignore` for one more warning to ignore; svelte-check does it right.
      'svelte/no-unused-svelte-ignore': 'off',
    },
  },
  {
    files: ['shared/**', 'electron/**', 'renderer/**', 'build/**'],
    rules: { 'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-dynamic-delete': 'off',
      // What a `finally` reads must be set before the `try`.
      'no-useless-assignment': 'off',
    },
  },
);
