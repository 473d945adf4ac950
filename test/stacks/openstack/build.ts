import { App, TerraformResource, type TerraformStack, Testing } from 'cdktf';
import { type Citation, citationsOf } from '../../../lib/stack/cite.ts';
import { CloudBaseStack } from '../../../stacks/openstack/cloud-base-stack.ts';
import type { DevEnvironmentInputs } from '../../../stacks/openstack/dev-environment/context.ts';
import { DevEnvironmentStack } from '../../../stacks/openstack/dev-environment-stack.ts';
import type { LinkInputs } from '../../../stacks/openstack/link/context.ts';
import { LinkAddressesStack } from '../../../stacks/openstack/link-addresses-stack.ts';
import { LinkStack } from '../../../stacks/openstack/link-stack.ts';
import type { Root } from '../../lib/openstack/synth.ts';

export interface Built {
  readonly root: Root;
  readonly text: string;
  /** What an address was made from; nearest first. */
  readonly citations: ReadonlyMap<string, readonly Citation[]>;
}

export function buildEnvironment(inputs: DevEnvironmentInputs): Built {
  return read(new DevEnvironmentStack(new App({ stackTraces: false }), inputs));
}

export function buildBase({ organisation, cloud }: DevEnvironmentInputs): Built {
  return read(new CloudBaseStack(new App({ stackTraces: false }), { organisation, cloud }));
}

/** Both stacks of the private side of a link. */
export function buildLink(inputs: LinkInputs): { readonly addresses: Root; readonly gateways: Root } {
  return {
    addresses: rootOf(new LinkAddressesStack(new App({ stackTraces: false }), inputs)),
    gateways: rootOf(new LinkStack(new App({ stackTraces: false }), inputs)),
  };
}

export function rootOf(stack: TerraformStack): Root {
  return JSON.parse(Testing.synth(stack)) as Root;
}

function read(stack: CloudBaseStack | DevEnvironmentStack): Built {
  const text = Testing.synth(stack);
  const resources = stack.node.findAll().filter((node) => TerraformResource.isTerraformResource(node));
  return {
    root: JSON.parse(text) as Root,
    text,
    citations: new Map(
      resources.map((node) => [`${node.terraformResourceType}.${node.friendlyUniqueId}`, citationsOf(node)] as const),
    ),
  };
}

/** Addresses at which two roots differ. */
export function differences(a: Root, b: Root): string[] {
  const all = new Set([...each(a), ...each(b)].map(([address]) => address));
  const [left, right] = [new Map(each(a)), new Map(each(b))];
  return [...all].filter((address) => left.get(address) !== right.get(address)).sort();
}

function each(root: Root): [string, string][] {
  const resources = Object.entries(root.resource ?? {}).flatMap(([type, named]) =>
    Object.entries(named).map(([name, args]): [string, string] => [`${type}.${name}`, JSON.stringify(args)]),
  );
  const { resource: _, ...rest } = root;
  return [...resources, ['the rest', JSON.stringify(rest)]];
}
