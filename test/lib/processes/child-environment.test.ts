import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { type ChildPurpose, childEnvironment } from '../../../lib/processes/child-environment.ts';
import { root } from '../../stacks/folders.ts';

const PURPOSES = ['git-read', 'git-write', 'cloud-tool', 'host-tool', 'login', 'code', 'install', 'plain'] as const;

const OPERATOR = {
  ...{ PATH: '/usr/bin', HOME: '/home/ada', LANG: 'C.UTF-8', TZ: 'UTC', https_proxy: 'http://proxy:3128' },
  ...{ AWS_SECRET_ACCESS_KEY: 's1', AWS_PROFILE: 'prod', OS_PASSWORD: 's2', OS_CLOUD: 'paris', PG_CONN_STR: 's3' },
  ...{ TANDEM_SECRETS_KEY: 's4', TANDEM_TERRAFORM: '/opt/tofu', VAULT_TOKEN: 's5', NPM_TOKEN: 's6', GH_TOKEN: 's7' },
  ...{ LD_PRELOAD: '/tmp/x.so', NODE_OPTIONS: '--require /tmp/x.js', NODE_PATH: '/tmp', BASH_ENV: '/tmp/x' },
  ...{ GIT_DIR: '/elsewhere', GIT_SSH_COMMAND: 'ssh -i key', GIT_EXTERNAL_DIFF: '/tmp/x', SSH_AUTH_SOCK: '/run/agent' },
  ...{
    TF_VAR_x: '1',
    TF_CLI_ARGS: '-destroy',
    TF_LOG: 'TRACE',
    TF_REATTACH_PROVIDERS: '{}',
    TF_CLI_CONFIG_FILE: '/rc',
  },
  ...{ OS_CLIENT_CONFIG_FILE: '/clouds.yaml', ANSIBLE_CONFIG: '/ansible.cfg', CDK_CONTEXT_JSON: '{}' },
};

/** Names that a purpose gets of such an operator, in order. */
function given(purpose: ChildPurpose, more: NodeJS.ProcessEnv = {}): string[] {
  return Object.keys(childEnvironment(purpose, { ...OPERATOR, ...more })).sort();
}

describe("a child's environment", () => {
  it('is what its purpose needs', () => {
    expect(Object.fromEntries(PURPOSES.map((purpose) => [purpose, given(purpose)]))).toEqual({
      'git-read': ['HOME', 'LANG', 'PATH', 'TZ'],
      'git-write': ['GH_TOKEN', 'GIT_SSH_COMMAND', 'HOME', 'LANG', 'PATH', 'SSH_AUTH_SOCK', 'TZ', 'https_proxy'],
      'cloud-tool': ['HOME', 'LANG', 'OS_CLIENT_CONFIG_FILE', 'PATH', 'TF_CLI_CONFIG_FILE', 'TZ', 'https_proxy'],
      'host-tool': ['ANSIBLE_CONFIG', 'HOME', 'LANG', 'PATH', 'SSH_AUTH_SOCK', 'TZ', 'https_proxy'],
      login: ['HOME', 'LANG', 'PATH', 'SSH_AUTH_SOCK', 'TZ'],
      code: ['CDK_CONTEXT_JSON', 'LANG', 'PATH', 'TZ'],
      install: ['HOME', 'LANG', 'PATH', 'TZ', 'https_proxy'],
      plain: ['LANG', 'PATH', 'TZ'],
    });
  });

  it('has what the operator names for tools of clouds and hosts, and for nothing else', () => {
    const more = { TANDEM_CHILD_ENVIRONMENT: 'VAULT_TOKEN, AWS_*,.*,' };
    expect(given('cloud-tool', more)).toEqual(
      [...given('cloud-tool'), 'VAULT_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE'].sort(),
    );
    expect(given('host-tool', more)).toContain('VAULT_TOKEN');
    for (const purpose of ['code', 'git-read', 'git-write', 'install', 'plain'] as const)
      expect(given(purpose, more)).toEqual(given(purpose));
  });

  it("finds programs in the system's folders, not in the project's or wherever it is started", () => {
    const path = '/work/app/node_modules/.bin:/usr/local/bin::.:bin:/opt/x/node_modules/.bin/:/usr/bin';
    expect(childEnvironment('cloud-tool', { PATH: path })['PATH']).toBe('/usr/local/bin:/usr/bin');
  });
});

/** Calls that start a process, in a file, and those of them that say no environment. */
function starts(text: string): { readonly all: number; readonly bare: string[] } {
  const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true);
  const bare: string[] = [];
  let all = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isStart(node)) {
      all += 1;
      const options = node.arguments.map((each) => each.getText()).join(' ');
      if (!/\benv\b|\boptions\b/.test(options)) bare.push(node.getText().slice(0, 80));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { all, bare };
}

function isStart({ expression }: ts.CallExpression): boolean {
  return /^(?:spawn|spawnSync|exec|execFile|execFileSync|execSync|fork|promisify\(\w+\))$/.test(expression.getText());
}

describe('every process of the product', () => {
  const files = globSync('{lib,stacks}/**/*.ts', { cwd: root }).map((file) => ({
    file,
    text: readFileSync(join(root, file), 'utf8'),
  }));
  const starting = files.filter(({ text }) => text.includes('node:child_process'));

  it('is started with an environment that is said', () => {
    expect(starting.length).toBeGreaterThan(5);
    expect(starting.flatMap(({ file, text }) => starts(text).bare.map((call) => `${file}: ${call}`))).toEqual([]);
    expect(starting.filter(({ text }) => starts(text).all === 0).map(({ file }) => file)).toEqual([]);
  });

  it('gets it from lib/processes', () => {
    // Engines hand theirs to run.ts and to sessions of kolla-ansible.
    const handed = ['lib/engines/run.ts', 'lib/engines/kolla/session.ts'];
    const own = starting.filter(({ file }) => !handed.includes(file));
    const known = /from '(?:\.\.\/)+processes\/|from '\.\/child-environment/;
    const others = own.filter(({ text }) => !known.test(text));
    expect(others.map(({ file }) => file)).toEqual([]);
    expect(own.filter(({ text }) => /env[^\n]*\.\.\.process\.env/.test(text)).map(({ file }) => file)).toEqual([]);
  });

  it.each(["execFile('tar', ['-x'])", "spawn('sh', [], { cwd: folder })", "promisify(execFile)('npm', ['ci'])"])(
    'fails where it is started by %s',
    (text) => {
      expect(starts(text).bare).toHaveLength(1);
    },
  );
});
