import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Lab } from '../../../lab/openstack/index.ts';
import { openStackMarks } from '../../../lib/engines/terraform/lineage.ts';
import { StackId } from '../../../lib/stack/id.ts';
import { digestOf, type SynthesizedStack } from '../../../lib/stack/synthesized.ts';
import { marksContract } from '../../lib/engines/lineage.contract.ts';
import { healthyLab } from '../support/lab.ts';
import { type Checkout, ensureBase, openCheckout } from './checkout.ts';

let lab: Lab;
let here: Checkout;
let there: Checkout;
const suffix = Date.now().toString(36).slice(-5);
const name = `lineage${suffix}`;
const id = `openstack/lab/dev/${name}`;
const made: string[] = [];
const project = z.object({ project: z.object({ id: z.string() }) });

beforeAll(async () => {
  lab = await healthyLab();
  here = await openCheckout(lab);
  await ensureBase(here);
  there = await openCheckout(lab);
});
afterAll(async () => {
  const { client } = here;
  const named = z.object({ id: z.string(), name: z.string() });
  for (const each of await client.list('identity', '/projects', 'projects', named))
    if (each.name.startsWith('tandem-') && each.name.includes(`lineage${suffix}`)) made.push(each.id);
  for (const each of made) await client.delete('identity', `/projects/${each}`);
  for (const each of [here, there]) {
    await each.tandem('destroy', id, '--yes');
    each.remove();
  }
});

let stacks = 0;
function realm(withProject: boolean) {
  return async () => {
    stacks += 1;
    const stackId = StackId.lease('lab', `${name}-${stacks}`);
    const of = `dev-${name}-${stacks}`;
    const text = JSON.stringify(
      withProject ? { resource: { openstack_identity_project_v3: { project: { name: of } } } } : { resource: {} },
    );
    const stack: SynthesizedStack = {
      ...{ id: stackId, engine: 'terraform', dependsOn: [], unresolvedInputs: [], files: [], target: {} },
      ...{ text, digest: digestOf(text), citations: {} },
    };
    const make = async (): Promise<void> => {
      if (!withProject) return;
      const tags = [`stack=${stackId.replaceAll('/', '-')}`];
      const body = { project: { name: of, domain_id: 'default', tags } };
      made.push((await here.client.post('identity', '/projects', body, project)).project.id);
    };
    return { engine: openStackMarks(() => ({ name: 'lab', domain: 'Default', client: here.client })), stack, make };
  };
}

describe('marks of a stack with a project of its own', () => marksContract(realm(true)));
describe('marks of a stack without one', () => marksContract(realm(false)));

const BLUEPRINT = `description: One server
prefixLength: 28
headroomPercent: 50
ssh: { tier: bastion, from: [office] }
tiers:
  bastion: { image: debian-12, flavor: small, floatingAddress: true, volumes: { data: { sizeGiB: 1 } } }
`;

function lease({ root }: Checkout): void {
  const since = new Date().toISOString().slice(0, 10);
  const until = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  writeFileSync(join(root, 'config/blueprints/tiny.yaml'), BLUEPRINT);
  mkdirSync(join(root, 'config/dev'), { recursive: true });
  const text = `blueprint: tiny\nowner: ops@example.org\ncloud: lab\nsince: ${since}\nuntil: ${until}\n`;
  writeFileSync(join(root, `config/dev/${name}.yaml`), text);
}

test('a second checkout is refused, keeps what it cannot take over whole, and goes on with the state itself', async () => {
  for (const each of [here, there]) lease(each);
  const done = await here.tandem('deploy', id, '--yes');
  expect(done.code, done.log).toBe(0);
  const refused = await there.tandem('deploy', id, '--yes');
  expect(refused.code).toBe(1);
  expect(refused.log).toContain('foreign-stack');
  const looked = await there.tandem('plan', '--live', id, '--json');
  expect(looked.code).toBe(1);
  const { stacks: planned } = JSON.parse(looked.out) as { stacks: unknown };
  const lineage = (JSON.parse(readFileSync(join(here.root, '.tandem/lineage.json'), 'utf8')) as { id: string }).id;
  expect(planned).toMatchObject([{ status: 'error', changes: [], belongsTo: { lineage } }]);
  // The provider does not read back what servers and subnets were made from: a plan from here would replace them.
  for (const args of [[], ['--lineage', lineage]]) {
    const adopted = await there.tandem('adopt', id, ...args);
    expect(adopted.code).toBe(1);
    expect(adopted.log).toContain('adopt-would-replace');
  }
  // Nobody can type its name here.
  expect((await there.tandem('adopt', id, '--allow-replace')).log).toContain('adopt-unconfirmed');
  const unchanged = { create: 0, replace: 0, delete: 0 };
  expect((await here.json('plan', '--live', id))['summary']).toMatchObject(unchanged);
  // What the error says to do.
  rmSync(join(there.root, '.tandem'), { recursive: true });
  cpSync(join(here.root, '.tandem'), join(there.root, '.tandem'), { recursive: true, verbatimSymlinks: true });
  expect((await there.json('plan', '--live', id))['summary']).toMatchObject(unchanged);
  const gone = await there.tandem('destroy', id, '--yes');
  expect(gone.code, gone.log).toBe(0);
  const path = `/projects?name=tandem-openstack-lab-dev-${name}`;
  expect(await here.client.list('identity', path, 'projects', z.unknown())).toEqual([]);
});
