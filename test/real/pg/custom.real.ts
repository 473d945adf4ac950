import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyProject, tandem } from '../../stacks/copy-project.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';

const STACK = `import { TerraformResource, TerraformStack } from 'cdktf';
export const stack = {
  name: 'world',
  engine: 'cdktn',
  inputs: () => ({}),
  build: (app, id) => {
    const made = new TerraformStack(app, id);
    const meta = { terraformResourceType: 'terraform_data', terraformGeneratorMetadata: { providerName: 'terraform' } };
    new TerraformResource(made, 'world', meta);
    return made;
  },
};
`;

let server: Postgres;
let first: string;
const folders: string[] = [];
const organisation = (state: string): string => `organisation:
  name: acme
  contact: cloud@acme.example.org
defaultCloud: lab
currency: EUR
${state}`;
const SHARED = 'state: { backend: pg, pg: { connection: secret:state, schema: tandem } }\n';

beforeAll(async () => {
  server = await startPostgres();
  first = copyProject();
  mkdirSync(join(first, 'stacks/custom'), { recursive: true });
  writeFileSync(join(first, 'stacks/custom/world.ts'), STACK);
  rmSync(join(first, 'config/dev'), { recursive: true });
  writeFileSync(join(first, 'config/tandem.yaml'), organisation(''));
  folders.push(first);
});
afterAll(async () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  await server.stop();
});
const deploy = (root: string) => tandem(root, ['deploy', 'custom/world', '--yes'], { PG_CONN_STR: server.url });

test('a custom stack follows the organisation’s back end: with its state, and for every checkout', async () => {
  // As it was before the organisation shared its states.
  expect((await deploy(first)).stderr).toContain('1 to create');
  writeFileSync(join(first, 'config/tandem.yaml'), organisation(SHARED));
  const moved = await deploy(first);
  expect(moved.code, moved.stderr).toBe(0);
  expect(moved.stderr).toContain('.tfstate.moved');
  expect(moved.stderr).not.toContain('to create');
  const second = mkdtempSync(join(tmpdir(), 'tandem-second-'));
  folders.push(second);
  cpSync(first, second, { recursive: true, filter: (from) => !from.endsWith('.tandem') });
  const again = await deploy(second);
  expect(again.code, again.stderr).toBe(0);
  expect(again.stderr).not.toContain('to create');
  expect(again.stdout).toContain('unchanged');
});
