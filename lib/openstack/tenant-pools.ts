import { NetworkingAddressscopeV2 } from '@cdktf/provider-openstack/lib/networking-addressscope-v2';
import { NetworkingSubnetpoolV2 } from '@cdktf/provider-openstack/lib/networking-subnetpool-v2';
import { Construct } from 'constructs';
import { attributeOf } from './expression.ts';
import { MAIN } from './tandem-terraform-stack.ts';

/** The largest and the smallest network that anybody may cut, as prefix lengths. */
const LARGEST = 16;
const SMALLEST = 28;

export interface TenantPool {
  readonly name: string;
  readonly cidr: string;
  /** Prefix length of a network where nobody says another. */
  readonly prefixLength: number;
}

export interface TenantPoolsProps {
  /** Name of the address scope. */
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly pools: readonly TenantPool[];
}

/**
 * The ranges that projects cut their networks from. Scope and pools are shared: whatever a project makes for itself gets addresses
 * that no other has, and that the link may route. How much of them it may take, its subnet quota says.
 */
export class TenantPools extends Construct {
  readonly scope: NetworkingAddressscopeV2;
  /** By name. */
  readonly pools: ReadonlyMap<string, NetworkingSubnetpoolV2>;

  constructor(scope: Construct, id: string, props: TenantPoolsProps) {
    super(scope, id);
    // One scope for all: inside a scope Neutron lets no two pools overlap.
    this.scope = new NetworkingAddressscopeV2(this, MAIN, { name: props.name, ipVersion: 4, shared: true });
    this.pools = new Map(
      props.pools.map(({ name, cidr, prefixLength }) => {
        const own = Number(cidr.split('/')[1]);
        const pool = new NetworkingSubnetpoolV2(this, name, {
          name,
          description: props.description,
          tags: [...props.tags],
          prefixes: [cidr],
          defaultPrefixlen: prefixLength,
          minPrefixlen: Math.max(own, LARGEST),
          maxPrefixlen: Math.max(prefixLength, SMALLEST),
          addressScopeId: attributeOf(this.scope),
          shared: true,
        });
        return [name, pool];
      }),
    );
  }
}
