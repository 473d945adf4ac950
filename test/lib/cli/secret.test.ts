import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileSecrets } from '../../../lib/secrets/file-secrets.ts';
import { copyProject } from '../../stacks/copy-project.ts';

let root: string;
beforeAll(() => {
  root = copyProject();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function secret(input: string, ...args: readonly string[]) {
  const node = join(root, 'node_modules/.bin/node');
  const { status, stdout, stderr } = spawnSync(node, [join(root, 'lib/cli/main.ts'), 'secret', ...args], {
    ...{ cwd: root, input, encoding: 'utf8' },
    env: { ...process.env, NO_COLOR: '1', XDG_CONFIG_HOME: join(root, 'keys'), TANDEM_SECRETS_KEY: '' },
  });
  return { status, said: stdout + stderr };
}

async function read(reference: `secret:${string}`): Promise<string> {
  const [file, keyFile] = [join(root, 'secrets.age'), join(root, 'keys/tandem/acme.agekey')];
  const store = fileSecrets({ file, keyFile, environment: {}, guardFolder: join(root, '.tandem/secrets') });
  return await store.use(reference, (value) => Promise.resolve(value.unwrap()));
}

it('stores what is piped in, less the line break of the shell, and shows none of it', async () => {
  const { status, said } = secret('postgres://me:hunter2@db/state\n', 'put', 'secret:state/database');
  expect({ status, said }).toEqual({ status: 0, said: 'secret:state/database is stored.\n' });
  expect(await read('secret:state/database')).toBe('postgres://me:hunter2@db/state');
  expect(readFileSync(join(root, 'secrets.age'), 'utf8')).not.toContain('hunter2');
  expect(secret('', 'remove', 'secret:state/database').status).toBe(0);
  await expect(read('secret:state/database')).rejects.toMatchObject({ code: 'no-such-secret' });
});

it.each([
  ['no value', '', ['put', 'secret:state'], 'no-secret-given'],
  ['a reference that no configuration could have', 'x', ['put', 'State!'], 'usage'],
])('refuses %s', (_, input, args, code) => {
  const { status, said } = secret(input, ...args);
  expect(status).toBe(1);
  expect(said).toMatch(new RegExp(`error ${code}: .+\\nnext: .+`));
});
