import { OpenstackProvider } from '@cdktf/provider-openstack/lib/provider';
import { App, Testing } from 'cdktf';
import { TandemTerraformStack } from '../../../lib/openstack/tandem-terraform-stack.ts';

type Arguments = Readonly<Record<string, unknown>>;

/** A root as Terraform reads it: type, then name, then arguments. */
export interface Root {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Arguments>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Arguments>>>>;
  readonly provider: { readonly openstack: readonly Arguments[] };
  readonly output?: Readonly<Record<string, { readonly value: unknown }>>;
  readonly terraform: Arguments;
}

/** What a piece of a stack becomes. */
export function synth(build: (stack: TandemTerraformStack, provider: OpenstackProvider) => void): Root {
  const stack = new TandemTerraformStack(new App({ stackTraces: false }), 'openstack/paris/dev/test');
  build(stack, new OpenstackProvider(stack, 'Provider', { cloud: 'paris' }));
  return JSON.parse(Testing.synth(stack)) as Root;
}

/** One resource by its address. */
export function resource(root: Root, address: string): Arguments {
  const [type = '', name = ''] = address.split('.');
  const found = root.resource?.[type]?.[name];
  if (found === undefined) throw new Error(`no ${address}; there is ${addresses(root).join(', ')}`);
  return found;
}

/** All addresses, sorted. */
export function addresses(root: Root): string[] {
  return Object.entries(root.resource ?? {})
    .flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`))
    .sort();
}
