/** A secret wherever one may stand, and every output of verbs that fail and of verbs that work: it is in none. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyProject, tandem } from '../../stacks/copy-project.ts';

const CANARY = 'c4n4ry';
/** Nothing answers there: what fails then says what it tried. */
const NOWHERE = '127.0.0.1:9';
const place = (name: string) => `${CANARY}-${name}`;

let root: string;
let environment: NodeJS.ProcessEnv;
beforeAll(() => {
  root = copyProject();
  environment = {
    XDG_CONFIG_HOME: join(root, 'home'),
    XDG_STATE_HOME: join(root, 'state'),
    OS_CLIENT_CONFIG_FILE: join(root, 'clouds.yaml'),
    OS_PASSWORD: place('openstack'),
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: place('aws'),
    AWS_SESSION_TOKEN: place('session'),
    AWS_ENDPOINT_URL: `http://${NOWHERE}`,
    AWS_MAX_ATTEMPTS: '1',
    PGPASSWORD: place('pg'),
    VAULT_TOKEN: place('vault'),
    GITHUB_TOKEN: place('github'),
  };
  const auth = (url: string) => ({
    auth_url: url,
    username: 'u',
    password: place('clouds-yaml'),
    project_name: 'admin',
  });
  const entry = { auth: { ...auth(`http://${NOWHERE}/v3`), user_domain_name: 'Default' }, region_name: 'RegionOne' };
  writeFileSync(
    join(root, 'clouds.yaml'),
    JSON.stringify({ clouds: { paris: entry, lab: entry, 'tandem-lab': entry } }),
  );
  const node = join(root, 'node_modules/.bin/node');
  const put = spawnSync(node, [join(root, 'lib/cli/main.ts'), 'secret', 'put', 'secret:database'], {
    ...{ cwd: root, encoding: 'utf8', input: `postgres://u:${place('connection')}@${NOWHERE}/state` },
    env: { ...process.env, ...environment },
  });
  expect(put.status, put.stderr).toBe(0);
  expect(put.stdout + put.stderr).not.toContain(CANARY);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

it.each([
  [
    'local',
    'state: { backend: local }',
    [
      ['plan', '--base', 'none', '--markdown', 'plan.md', '--html', 'plan.html', '--json'],
      ['plan', '--live', 'openstack/paris/base'],
    ],
  ],
  [
    'pg',
    'state: { backend: pg, pg: { connection: "secret:database" } }',
    [
      ['deploy', 'openstack/paris/base', '--yes', '--verbose'],
      ['env', 'list'],
    ],
  ],
])('is in no output while state is %s', async (_name, state, verbs) => {
  const file = join(root, 'config/tandem.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8').replace(/\nstate: .*\n/, '\n')}\n${state}\n`);
  const outcomes = [];
  for (const verb of verbs) outcomes.push({ verb, ...(await tandem(root, verb, environment)) });
  for (const { verb, stdout, stderr } of outcomes) expect(stdout + stderr, verb.join(' ')).not.toContain(CANARY);
  // Some reach out and fail, or nothing was tried.
  expect(outcomes.some(({ code }) => code === 1)).toBe(true);
  expect(outcomes.filter(({ stderr }) => stderr.includes('error internal')).map(({ verb }) => verb)).toEqual([]);
  expect(leftBehind().filter((each) => readFileSync(each, 'utf8').includes(CANARY))).toEqual([
    join(root, 'clouds.yaml'),
  ]);
});

/** All that verbs wrote, and the configuration; not the code. */
function leftBehind(): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/^(?:node_modules|lib|bin|packages|stacks)(?:\/|$)/.test(name))
    .map((name) => join(root, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}
