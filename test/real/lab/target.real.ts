import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Plan } from '../../../lib/plan/model.ts';
import { healthyLab } from '../support/lab.ts';
import { type Checkout, openCheckout } from './checkout.ts';

const id = 'openstack/lab/base';
let checkout: Checkout;
let endpoint: string;

/** As if the base had been applied to a Region or an address of this cloud that is configured no longer. */
function record(target: Readonly<Record<string, string>>): string {
  const file = join(checkout.root, '.tandem/record/openstack/lab/base.json');
  mkdirSync(dirname(file), { recursive: true });
  const artefact = JSON.stringify({ resource: { openstack_networking_network_v2: { own: { name: 'targets-own' } } } });
  const commit = checkout.git('rev-parse', 'HEAD');
  const told = { digest: 'sha256:0', artefact, commit, files: ['config/clouds/lab.yaml'], target };
  const head = { format: 'tandem.record/1', stack: id, engine: 'terraform' };
  writeFileSync(file, JSON.stringify({ ...head, ...told, at: new Date().toISOString(), by: 'anna@there' }));
  return file;
}

beforeAll(async () => {
  const lab = await healthyLab();
  checkout = await openCheckout(lab);
  endpoint = checkout.client.authUrl;
}, 900_000);
afterAll(() => checkout.remove());

it('a stack of another Region is neither deployed nor destroyed here, and told as left behind', async () => {
  const file = record({ endpoint, region: 'Elsewhere', project: 'admin' });
  const before = readFileSync(file, 'utf8');
  for (const verb of ['deploy', 'destroy']) {
    const { code, log } = await checkout.tandem(verb, id, '--yes');
    expect({ verb, code }).toEqual({ verb, code: 1 });
    expect(log).toMatch(/error target-changed: openstack\/lab\/base is in .*region Elsewhere/);
    expect(log).toMatch(/next: .*git checkout [0-9a-f]{10}.*tandem destroy openstack\/lab\/base/);
  }
  const { stacks } = (await checkout.json('plan', '--live', id)) as unknown as Plan;
  expect(stacks[0]).toMatchObject({ id, leaves: { target: { region: 'Elsewhere' }, changes: [{ action: 'forget' }] } });
  expect(stacks[0]?.changes.every(({ action }) => action === 'create')).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe(before);
});
