import type { ComponentPort } from '../../bring-up/component.ts';

export function tcp(name: string, port: number, from: ComponentPort['from']): ComponentPort {
  return { name, port, protocol: 'tcp', from };
}

/** Gossip and DNS go by UDP, and by TCP where a message is too long for it. */
export function tcpAndUdp(name: string, port: number, from: ComponentPort['from']): readonly ComponentPort[] {
  return [tcp(name, port, from), { name: `${name}-udp`, port, protocol: 'udp', from }];
}
