import type { BrokenRow } from './edit.ts';

export const reading: readonly BrokenRow[] = [
  {
    name: 'an empty file',
    edits: [{ file: 'config/dev/alice.yaml', content: '' }],
    problems: ['config/dev/alice.yaml:1:1: the file is empty; write its content, or remove the file'],
  },
  {
    name: 'a file of comments only',
    edits: [{ file: 'config/dev/alice.yaml', content: '# nothing yet\n' }],
    problems: ['config/dev/alice.yaml:1:1: it holds nothing but comments; write its content, or remove the file'],
  },
  {
    name: 'a file of the separator only',
    edits: [{ file: 'config/dev/alice.yaml', content: '---\n' }],
    problems: ['config/dev/alice.yaml:1:1: it holds nothing but comments; write its content, or remove the file'],
  },
  {
    name: 'a list at the top',
    edits: [{ file: 'config/dev/alice.yaml', content: '- blueprint: app\n' }],
    problems: [
      'config/dev/alice.yaml:1:1: got a list at the top; a configuration file is a map; write `key: value` lines',
    ],
  },
  {
    name: 'one word for a file',
    edits: [{ file: 'config/dev/alice.yaml', content: 'app\n' }],
    problems: [
      'config/dev/alice.yaml:1:1: got a string at the top; a configuration file is a map; write `key: value` lines',
    ],
  },
  {
    name: 'a tab as indentation',
    edits: [{ file: 'config/dev/bruno.yaml', replace: '  web:', by: '\tweb:' }],
    problems: ['config/dev/bruno.yaml:7:1: got a tab; YAML indents with spaces only; write spaces'],
  },
  {
    name: 'two documents in one file',
    edits: [{ file: 'config/dev/alice.yaml', replace: 'since: 2026-11-10\n', by: 'since: 2026-11-10\n---\n' }],
    problems: ['config/dev/alice.yaml:4:1: got a second document; a file holds one; write a file for each'],
  },
  {
    name: 'a duplicate key',
    edits: [
      {
        file: 'config/dev/alice.yaml',
        replace: 'since: 2026-11-10',
        by: 'since: 2026-11-10\nowner: eve@acme.example.org',
      },
    ],
    problems: [
      'config/dev/alice.yaml:4:1: got "owner" a second time in one map; one of the two would be lost; keep one of them',
    ],
  },
  {
    name: 'a duplicate key in another spelling',
    edits: [{ file: 'config/clouds/north.yaml', replace: '  b: {}', by: '  b: {}\n  "a": {}' }],
    problems: [
      'config/clouds/north.yaml:10:3: got "a" a second time in one map; one of the two would be lost; keep one of them',
    ],
  },
  {
    name: 'an alias',
    edits: [
      {
        file: 'config/environments/base.yaml',
        replace: 'types: [c7g.xlarge, m7g.xlarge]',
        by: 'types: &t [c7g.xlarge, m7g.xlarge]\n    more: *t',
      },
    ],
    problems: [
      'config/environments/base.yaml:10:11: got *t; aliases hide where a value comes from; write the value out; environments share by `extends`',
    ],
  },
  {
    name: 'a merge key',
    edits: [{ file: 'config/dev/bruno.yaml', replace: 'tiers:\n', by: 'tiers:\n  <<: { store: { count: 1 } }\n' }],
    problems: [
      'config/dev/bruno.yaml:7:3: got a merge key; it hides where a value comes from; write the values out; environments share by `extends`',
    ],
  },
  {
    name: 'a reserved key',
    edits: [{ file: 'config/dev/bruno.yaml', replace: '  web: {', by: '  __proto__: {' }],
    problems: ['config/dev/bruno.yaml:7:3: got "__proto__"; the name is reserved; choose another name'],
  },
  {
    name: 'a number as a key',
    edits: [{ file: 'config/clouds/north.yaml', replace: '  b: {}', by: '  2: {}' }],
    problems: [
      'config/clouds/north.yaml:9:3: got 2 as a key, which YAML reads as a number; keys are text; write a name',
    ],
  },
  {
    name: 'a list as a key',
    edits: [{ file: 'config/clouds/north.yaml', replace: '  b: {}', by: '  ? [b]\n  : {}' }],
    problems: ['config/clouds/north.yaml:9:5: got a map or list as a key; keys are text; write a name'],
  },
  {
    name: 'a tag',
    edits: [{ file: 'config/dev/alice.yaml', replace: 'owner: ', by: 'owner: !user ' }],
    problems: ['config/dev/alice.yaml:2:8: got a tag, which means nothing here; remove the word that starts with !'],
  },
  {
    name: 'another version of YAML',
    edits: [{ file: 'config/dev/alice.yaml', replace: 'blueprint: app', by: '%YAML 1.1\n---\nblueprint: app' }],
    problems: [
      'config/dev/alice.yaml:1:1: got %YAML 1.1; words such as yes and no would change their meaning; remove the line',
    ],
  },
  {
    name: 'a bracket that is not closed',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'office: [192.0.2.0/24]', by: 'office: [192.0.2.0/24' }],
    problems: ['config/clouds/north.yaml:59:11: got a bracket that is not closed; close it'],
  },
  {
    name: 'a quote that is not closed',
    edits: [{ file: 'config/environments/prod.yaml', replace: '"111122223333"', by: '"111122223333' }],
    problems: ['config/environments/prod.yaml:4:12: got a quote that is not closed; close it on the same line'],
  },
  {
    name: 'a value with a colon',
    edits: [
      {
        file: 'config/blueprints/app.yaml',
        replace: 'description: A web application',
        by: 'description: Web: an application',
      },
    ],
    problems: [
      'config/blueprints/app.yaml:1:14: got a second `key:` where a value belongs; put each key on a line of its own, or quote the value if it has a colon in it',
    ],
  },
  {
    name: 'a value that starts with @',
    edits: [{ file: 'config/dev/alice.yaml', replace: 'alice@acme.example.org', by: '@alice' }],
    problems: ['config/dev/alice.yaml:2:8: got @; unquoted text cannot start with it; quote the value'],
  },
  {
    name: 'a key without a colon',
    edits: [{ file: 'config/dev/alice.yaml', replace: 'since: 2026-11-10', by: 'since 2026-11-10' }],
    problems: [
      'config/dev/alice.yaml:3:1: got text that runs on into the next line; a colon is missing here, or the indentation changes; write `key: value` on one line, indented like its neighbours',
    ],
  },
  {
    name: 'a value indented too little',
    edits: [{ file: 'config/clouds/north.yaml', replace: '  authUrl:', by: ' authUrl:' }],
    problems: [
      'config/clouds/north.yaml:2:11: got a second `key:` where a value belongs; put each key on a line of its own, or quote the value if it has a colon in it',
    ],
  },
  {
    name: 'a NUL byte',
    edits: [{ file: 'config/dev/alice.yaml', replace: 'app\n', by: 'app\u0000\n' }],
    problems: [
      'config/dev/alice.yaml:1:15: got the character U+0000; it is invisible, and tools interpret it differently; remove it',
    ],
  },
  {
    name: 'a bidirectional override',
    edits: [{ file: 'config/dev/alice.yaml', replace: 'app\n', by: 'app # ‮reap\n' }],
    problems: [
      'config/dev/alice.yaml:1:18: got the character U+202E; it is invisible, and tools interpret it differently; remove it',
    ],
  },
  {
    name: '40 levels and more',
    edits: [
      {
        file: 'config/dev/alice.yaml',
        content:
          'a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n',
      },
    ],
    problems: [
      'config/dev/alice.yaml:1:1: got more than 40 levels of nesting; nest at most 40 levels; a configuration needs fewer than ten',
    ],
  },
  {
    name: 'a file that is not .yaml',
    edits: [{ file: 'config/dev/carol.yml', content: 'blueprint: app\n' }],
    problems: ['config/dev/carol.yml:1:1: only files that end in .yaml are read; rename it to carol.yaml'],
  },
  {
    name: 'a folder with a slip in its name',
    edits: [{ file: 'config/enviroments/qa.yaml', content: 'extends: base\n' }],
    problems: [
      'config/enviroments:1:1: Tandem reads no file of this name; move what it holds into environments, and remove it',
    ],
  },
  {
    name: 'a file in no folder',
    edits: [{ file: 'config/paris.yaml', content: 'layout: starter\n' }],
    problems: [
      'config/paris.yaml:1:1: Tandem reads no file of this name; move it into one of clouds, environments, blueprints, dev, links, prices',
    ],
  },
  {
    name: 'no tandem.yaml',
    edits: [{ file: 'config/tandem.yaml' }],
    problems: [
      'config/tandem.yaml:1:1: there is no such file; run in the root of a Tandem project, or create one with `tandem init`',
    ],
  },
];
