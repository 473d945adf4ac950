import { NetworkingSecgroupRuleV2 } from '@cdktf/provider-openstack/lib/networking-secgroup-rule-v2';
import { NetworkingSecgroupV2 } from '@cdktf/provider-openstack/lib/networking-secgroup-v2';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { attributeOf } from './expression.ts';
import { MAIN } from './tandem-terraform-stack.ts';

export interface SecurityGroupProps {
  readonly provider: TerraformProvider;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
}

/** TCP or UDP ports, `first` to `last`. */
export interface Ports {
  readonly protocol: 'tcp' | 'udp';
  readonly first: number;
  readonly last: number;
}

/** Who may connect: the members of a group, or a range of addresses. Names are part of rules' addresses. */
export type Peer =
  | { readonly name: string; readonly group: SecurityGroup }
  | { readonly name: string; readonly cidr: string };

/** A range of addresses. It stands in the name, so that another order of ranges moves no rule. */
export function rangePeer(name: string, cidr: string): Peer {
  return { name: `${name}-${cidr.replaceAll(/[./]/g, '-')}`, cidr };
}

/**
 * A security group that is closed from outside until `allow` opens it, and may connect to anything over IPv4. Neutron's default
 * rules are removed, so that all that is open can be read.
 */
export class SecurityGroup extends Construct {
  readonly group: NetworkingSecgroupV2;
  readonly id: string;
  readonly #provider: TerraformProvider;

  constructor(scope: Construct, id: string, { provider, name, description, tags }: SecurityGroupProps) {
    super(scope, id);
    this.#provider = provider;
    this.group = new NetworkingSecgroupV2(this, MAIN, {
      provider,
      name,
      description,
      tags: [...tags],
      deleteDefaultRules: true,
    });
    this.id = attributeOf(this.group);
    new NetworkingSecgroupRuleV2(this, 'egress', {
      provider,
      description: 'to anywhere',
      direction: 'egress',
      ethertype: 'IPv4',
      remoteIpPrefix: '0.0.0.0/0',
      securityGroupId: this.id,
    });
  }

  /** Opens ports to a peer. Neutron refuses the same rule twice, and so do construct ids. */
  allow(peer: Peer, ports: Ports): NetworkingSecgroupRuleV2 {
    return new NetworkingSecgroupRuleV2(this, ruleId(peer, ports), {
      provider: this.#provider,
      description: `from ${peer.name}`,
      direction: 'ingress',
      ethertype: 'IPv4',
      protocol: ports.protocol,
      portRangeMin: ports.first,
      portRangeMax: ports.last,
      securityGroupId: this.id,
      ...('group' in peer ? { remoteGroupId: peer.group.id } : { remoteIpPrefix: peer.cidr }),
    });
  }
}

/** `tcp-8080-from-api`, `tcp-22-from-world`. */
function ruleId(peer: Peer, { protocol, first, last }: Ports): string {
  return `${protocol}-${first === last ? first : `${first}-${last}`}-from-${peer.name}`;
}
