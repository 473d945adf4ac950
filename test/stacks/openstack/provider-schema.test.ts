import { App } from 'cdktf';
import { describe, expect, it } from 'vitest';
import { directoryFiles } from '../../../lib/config/files.ts';
import { loadProject } from '../../../lib/config/load.ts';
import { terraformStacks } from '../../../lib/engines/terraform/catalogue.ts';
import { readSchema } from '../../../packages/provider-openstack/scripts/sources.mts';
import type { Block } from '../../../packages/provider-openstack/scripts/types.mts';
import { LinkDiscoveryStack } from '../../../stacks/openstack/link-discovery-stack.ts';
import type { Root } from '../../lib/openstack/synth.ts';
import { buildBase, buildEnvironment, buildLink, rootOf } from './build.ts';
import { inputsOf } from './inputs.ts';

/** Terraform's own, in every resource. */
const META = new Set(['//', 'provider', 'lifecycle', 'depends_on', 'count', 'for_each']);

const LINK = { name: 'main', router: 'link-main', environment: '10.33.0.0/21', gateways: '10.80.0.0/28', pools: [] };
const roots = new Map<string, Root>([
  ['base', buildBase(inputsOf()).root],
  ['environment', buildEnvironment(inputsOf({ lease: { users: ['bob'], sshKeys: ['ssh-ed25519 AAAA a'] } })).root],
  ['environment that is joined', buildEnvironment({ ...inputsOf({ blueprint: { link: true } }), link: LINK }).root],
  ['environment with amphora', buildEnvironment(inputsOf({ cloud: { loadBalancer: { provider: 'amphora' } } })).root],
  ...shipped(),
]);

function shipped(): [string, Root][] {
  const { project } = loadProject(directoryFiles(process.cwd()));
  if (project === undefined) throw new Error('the shipped configuration does not load');
  const { organisation } = project;
  const links = terraformStacks(project).flatMap((each): [string, Root][] => {
    if (each.kind === 'link-discovery')
      return [[each.id, rootOf(new LinkDiscoveryStack(new App({ stackTraces: false }), each.inputs))]];
    if (each.kind !== 'link') return [];
    const { addresses, gateways } = buildLink(each.inputs);
    return [
      [`${each.id}-addresses`, addresses],
      [each.id, gateways],
    ];
  });
  const leases = [...project.leases.values()].flatMap((lease): [string, Root][] => {
    const cloud = project.clouds.get(lease.value.cloud ?? organisation.value.defaultCloud);
    const blueprint = project.blueprints.get(lease.value.blueprint);
    if (cloud === undefined || blueprint === undefined) return [];
    return [[`lease ${lease.name}`, buildEnvironment({ organisation, cloud, blueprint, lease }).root]];
  });
  return [...links, ...leases];
}

describe.each(['1.54.1', '3.4.0'] as const)('provider %s', (version) => {
  const schema = readSchema(version);

  it.each([...roots.keys()])('takes every argument of %s, and misses none', (name) => {
    const root = roots.get(name);
    const problems = [
      ...each(root?.resource).flatMap(([type, at, args]) => check(schema.resources[type], args, at)),
      ...each(root?.data).flatMap(([type, at, args]) => check(schema.data_sources[type], args, `data.${at}`)),
      ...(root?.provider.openstack ?? []).flatMap((args) => {
        const { alias: _, ...rest } = args;
        return check(schema.provider, rest, 'provider');
      }),
    ];
    expect(problems).toEqual([]);
  });

  it('would not take what it lacks', () => {
    const block = schema.resources['openstack_compute_instance_v2'];
    const problems = check(block, { nonsense: 1, network: [{ nonsense: 1 }], id: 'x', all_metadata: {} }, 'server');
    expect(problems).toEqual([
      'server.name is required',
      'server.nonsense is no argument',
      'server.network.nonsense is no argument',
      'server.all_metadata is no argument',
    ]);
  });
});

function each(kind: Root['resource']): [string, string, Readonly<Record<string, unknown>>][] {
  return Object.entries(kind ?? {}).flatMap(([type, named]) =>
    Object.entries(named).map(([name, args]): [string, string, Readonly<Record<string, unknown>>] => [
      ...([type, `${type}.${name}`] as const),
      args,
    ]),
  );
}

function check(block: Block | undefined, args: Readonly<Record<string, unknown>>, at: string): string[] {
  if (block === undefined) return [`${at} is of no known type`];
  const attributes = block.attributes ?? {};
  const blocks = block.block_types ?? {};
  const missing = Object.entries(attributes)
    .filter(([name, attribute]) => attribute.required === true && args[name] === undefined)
    .map(([name]) => `${at}.${name} is required`);
  const wrong = Object.entries(args).flatMap(([name, value]) => {
    if (META.has(name)) return [];
    const attribute = attributes[name];
    if (attribute !== undefined)
      return attribute.required === true || attribute.optional === true ? [] : [`${at}.${name} is no argument`];
    const inner = blocks[name];
    if (inner === undefined) return [`${at}.${name} is no argument`];
    const items = (Array.isArray(value) ? value : [value]) as Readonly<Record<string, unknown>>[];
    return items.flatMap((item) => check(inner.block, item, `${at}.${name}`));
  });
  return [...missing, ...wrong];
}
