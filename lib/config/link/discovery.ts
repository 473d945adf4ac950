import type { Named } from '../project.ts';
import type { Link } from '../schema/link.ts';
import { linkNameOf } from './name.ts';
import { linkNetworkOf } from './tunnels.ts';

/** Volume of each server in the cloud. What is registered is small; twice as much is kept while a snapshot is made. */
export const CONSUL_VOLUME = { name: 'data', sizeGiB: 10 } as const;

/** Consul on both sides of a link: two data centres that one trust joins. */
export interface LinkDiscovery {
  readonly cloud: {
    /** Name of the data centre, which is the cloud's: no environment has it too (`checkShortNames`). */
    readonly datacenter: string;
    /** Of each server, in the link's network. Known before any is made: those of AWS join them over the WAN. */
    readonly addresses: readonly string[];
    /** Of the servers. */
    readonly flavor: string;
  };
  readonly environment: {
    /** Name of the data centre, which is the environment's. */
    readonly datacenter: string;
    /** Of the servers. */
    readonly instanceType: string;
  };
  /** Name of the trust: the gossip key and the authority are `secret:trust/<trust>/consul/…`. */
  readonly trust: string;
  /** Servers on each side. */
  readonly servers: number;
}

/** What a link asks for, or nothing. Pure; the same for both sides. */
export function linkDiscovery({ name, value }: Named<Link>): LinkDiscovery | undefined {
  const { discovery, cloud, environment, gateways } = value;
  if (discovery === undefined) return undefined;
  const { servers, flavor, instanceType } = discovery;
  return {
    cloud: {
      datacenter: cloud,
      addresses: linkNetworkOf(value).consul.slice(0, servers),
      flavor: flavor ?? gateways.flavor,
    },
    environment: { datacenter: environment, instanceType },
    trust: linkNameOf(name),
    servers,
  };
}
