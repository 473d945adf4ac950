/** The order in which lists and maps of the configuration are written means nothing: whatever is turned round, nothing changes. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadProject } from '../../lib/config/load.ts';
import { difference } from '../../lib/engines/plugins.ts';
import { StackId } from '../../lib/stack/id.ts';
import type { SynthesizedStack } from '../../lib/stack/synthesized.ts';
import { stacksOf } from '../../lib/synthesis/catalogue.ts';
import { CODE_ROOT } from '../../lib/synthesis/code.ts';
import { synthesize } from '../../lib/synthesis/synthesize.ts';
import { ANNA_LEASES_BARE, BARE } from '../bare.ts';
import { sample } from '../chaos.ts';
import { configured, type Edit } from '../configured.ts';

/** More than the shipped configuration has of what can be listed. */
const MORE: readonly Edit[] = [
  ANNA_LEASES_BARE,
  ['clouds/paris.yaml', 'sources.office', ['192.168.0.0/20', '192.168.32.0/20']],
  ['clouds/paris.yaml', 'tenants.large', { cidr: '10.128.0.0/12', prefixLength: 20 }],
  ['clouds/paris.yaml', 'storage.volumeTypes.fast', { description: 'On flash' }],
  ['clouds/paris.yaml', 'storage.defaultVolumeType', 'standard'],
  ['blueprints/bare.yaml', 'ssh.from', ['office', 'world']],
  ['blueprints/bare.yaml', 'tiers.web.loadBalancer.from', ['office', 'api']],
  [
    'blueprints/bare.yaml',
    'tiers.cache.listens',
    [
      { port: 6379, from: ['api', 'web'] },
      { port: 6380, from: ['api'] },
    ],
  ],
  ['dev/anna.yaml', 'users', ['kim', 'anna']],
  ['dev/anna.yaml', 'sshKeys', ['a', 'b'].map((name) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGzkO0a1pH7m ${name}`)],
];

/** Which stacks tell what a file means. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  'tandem.yaml': ['openstack/paris/dev/anna', 'aws/prod/network'],
  'clouds/paris.yaml': ['kolla/paris', 'openstack/paris/base', 'openstack/paris/dev/anna'],
  'blueprints/bare.yaml': ['openstack/paris/dev/anna'],
  'dev/anna.yaml': ['openstack/paris/dev/anna'],
  'environments/base.yaml': ['aws/prod/network', 'aws/prod/cluster'],
  'environments/prod.yaml': ['aws/prod/network', 'aws/prod/cluster'],
};

/** What has an order, and why. */
const ORDERED: Readonly<Record<string, string>> = {
  'clouds/paris.yaml hosts': 'Kolla-Ansible does on the first host of a group what it does once',
  'clouds/paris.yaml networks.public.nameServers': 'servers ask the first of them first',
  'environments/base.yaml cluster.instances.types': 'the first is preferred',
};

async function synthesized(stacks: readonly string[], edits: readonly Edit[]): Promise<SynthesizedStack[]> {
  const { project, problems } = loadProject(configured(CODE_ROOT, [...MORE, ...edits], BARE));
  if (project === undefined) throw new Error(JSON.stringify(problems));
  return await synthesize(stacksOf(project), { only: new Set(stacks.map((id) => StackId.parse(id))) });
}

/** Every list and map with two entries or more, by its path. */
function* sequences(value: unknown, path: readonly string[] = []): Iterable<readonly [string, unknown]> {
  if (typeof value !== 'object' || value === null) return;
  const turned = Array.isArray(value)
    ? [...(value as unknown[])].reverse()
    : Object.fromEntries(Object.entries(value).reverse());
  if (Object.keys(value).length > 1 && path.length > 0) yield [path.join('.'), turned];
  for (const [key, inner] of Object.entries(value)) yield* sequences(inner, [...path, key]);
}

describe.each(Object.entries(FILES))('%s', (file, stacks) => {
  const text = new TextDecoder().decode(configured(CODE_ROOT, MORE, BARE).read(`config/${file}`));
  const cases = sample([...sequences(parse(text))], 8);

  it('means the same, whatever is turned round', async () => {
    const before = new Map((await synthesized(stacks, [])).map(({ id, text }) => [id, text]));
    const changed: Record<string, string[]> = {};
    for (const [path, turned] of cases) {
      const isOrdered = `${file} ${path}` in ORDERED;
      for (const { id, engine, text } of await synthesized(stacks, [[file, path, turned]])) {
        const changes = await difference(engine, before.get(id), text);
        const real = changes.filter(({ noise }) => !noise).map(({ address, action }) => `${action} ${address}`);
        if (real.length > 0 && !isOrdered) changed[`${path} in ${id}`] = real.slice(0, 4);
        // They only move on, or update in place.
        if (isOrdered) expect(real.filter((each) => !each.startsWith('update '))).toEqual([]);
      }
    }
    expect(changed).toEqual({});
  });
});
