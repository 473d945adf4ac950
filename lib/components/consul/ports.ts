import type { ComponentPort } from '../../bring-up/component.ts';

/** Consul's own numbers, which every document of it has. */
export const CONSUL_PORTS = { rpc: 8300, lan: 8301, wan: 8302, http: 8500, dns: 8600 } as const;

type From = ComponentPort['from'];

export function tcp(name: string, port: number, from: From): ComponentPort {
  return { name, port, protocol: 'tcp', from };
}

/** Gossip and DNS go by UDP, and by TCP where a message is too long for it. */
export function both(name: string, port: number, from: From): readonly ComponentPort[] {
  return [tcp(name, port, from), { name: `${name}-udp`, port, protocol: 'udp', from }];
}
