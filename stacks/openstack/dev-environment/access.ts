import type { TierSoftware } from '../../../lib/bring-up/tier-software.ts';
import { ownEntry } from '../../../lib/config/own-entry.ts';
import type { Blueprint } from '../../../lib/config/schema/blueprint.ts';
import type { Cloud } from '../../../lib/config/schema/cloud.ts';
import { unknownPeer } from '../../../lib/openstack/errors.ts';
import type { Ports } from '../../../lib/openstack/security-group.ts';
import type { ConfigRef, TypedRef } from '../../../lib/stack/config-ref.ts';

/** Who a rule lets in: servers of a tier, a range of a source, or load balancers that speak from the environment's own network. */
export type AccessPeer =
  | { readonly tier: string }
  | { readonly source: string; readonly cidr: string }
  | { readonly network: true };

/** Ports that one tier opens to one peer. */
export interface AccessRule {
  readonly tier: string;
  readonly peer: AccessPeer;
  readonly ports: Ports;
  /** Every line of the blueprint that asks for it. */
  readonly from: readonly ConfigRef[];
}

type From = Pick<Cloud, 'sources' | 'loadBalancer'> & {
  /** Range of the other side. @default - there is none */
  readonly link?: string | undefined;
  /** Where Consul's servers of the link and their agents are. @default - nowhere */
  readonly discovery?: readonly string[];
};

const SSH: Ports = { protocol: 'tcp', first: 22, last: 22 };

/**
 * What is open in an environment, from what tiers listen to, their balancers, and SSH, which comes in through one tier and goes on
 * from there to all; and what its programs speak among each other and with their clients. Each rule stands once, whoever asks for it: Neutron refuses the second.
 */
export function accessRules(
  blueprint: Blueprint,
  cloud: From,
  at: TypedRef<Blueprint>,
  software: ReadonlyMap<string, TierSoftware> = new Map(),
): AccessRule[] {
  const rules = new Map<string, AccessRule>();
  const open = (tier: string, peers: readonly AccessPeer[], ports: Ports, from: ConfigRef) => {
    for (const peer of peers) {
      const key = JSON.stringify([tier, peer, ports]);
      rules.set(key, { tier, peer, ports, from: [...(rules.get(key)?.from ?? []), from] });
    }
  };
  const tiers = Object.keys(blueprint.tiers);
  for (const [name, tier] of Object.entries(blueprint.tiers)) {
    const here = at.at('tiers', name);
    for (const [index, { port, lastPort = port, protocol, from }] of tier.listens.entries()) {
      for (const [place, peer] of from.entries()) {
        const asked = here.at('listens', index, 'from', place);
        open(name, peersOf(peer, tiers, cloud), { protocol, first: port, last: lastPort }, asked);
      }
    }
    for (const { component, settings } of software.get(name)?.runs ?? []) {
      const asks = here.at('runs', component.name);
      for (const { port, protocol, from } of component.ports(settings)) {
        const ports: Ports = { protocol, first: port, last: port };
        if (from === 'members') open(name, [{ tier: name }], ports, asks);
        if (from === 'discovery')
          open(
            name,
            (cloud.discovery ?? []).map((cidr) => ({ source: 'link', cidr })),
            ports,
            asks.at('servers'),
          );
        if (from !== 'clients') continue;
        for (const [place, peer] of (tier.runs[component.name]?.clients ?? []).entries())
          open(name, peersOf(peer, tiers, cloud), ports, asks.at('clients', place));
      }
    }
    if (tier.loadBalancer === undefined) continue;
    const { port, targetPort = port, from } = tier.loadBalancer;
    const ports: Ports = { protocol: 'tcp', first: targetPort, last: targetPort };
    if (cloud.loadBalancer.provider === 'amphora') {
      open(name, [{ network: true }], ports, here.at('loadBalancer'));
      continue;
    }
    // OVN's balancers keep the client's address, so that the servers see who it is.
    for (const [place, peer] of from.entries())
      open(name, peersOf(peer, tiers, cloud), ports, here.at('loadBalancer', 'from', place));
  }
  if (blueprint.ssh === undefined) return [...rules.values()];
  const { tier: entry, from } = blueprint.ssh;
  for (const [place, peer] of from.entries()) open(entry, peersOf(peer, [], cloud), SSH, at.at('ssh', 'from', place));
  for (const tier of tiers) if (tier !== entry) open(tier, [{ tier: entry }], SSH, at.at('ssh', 'tier'));
  return [...rules.values()];
}

/** @throws TandemError `unknown-peer`; validation finds it first. */
function peersOf(peer: string, tiers: readonly string[], cloud: From): AccessPeer[] {
  if (peer === 'world') return [{ source: peer, cidr: '0.0.0.0/0' }];
  if (peer === 'environment') return tiers.map((tier) => ({ tier }));
  if (peer === 'link' && cloud.link !== undefined) return [{ source: peer, cidr: cloud.link }];
  if (tiers.includes(peer)) return [{ tier: peer }];
  const ranges = ownEntry(cloud.sources, peer);
  if (ranges === undefined) throw unknownPeer(peer, [...tiers, ...Object.keys(cloud.sources), 'environment', 'world']);
  return [...new Set(ranges)].map((cidr) => ({ source: peer, cidr }));
}

/** Who may connect to a balancer that hides its clients' addresses, as CIDRs. */
export function balancerCidrs(
  from: readonly string[],
  tiers: readonly string[],
  cloud: From,
  networkCidr: string,
): string[] {
  const cidrs = from
    .flatMap((peer) => peersOf(peer, tiers, cloud))
    .map((peer) => ('cidr' in peer ? peer.cidr : networkCidr));
  return [...new Set(cidrs)];
}
