import { AwsError } from '../aws-error.ts';
import type { JsonObject } from '../json.ts';
import type { Realm, StoreKey } from '../world.ts';

/** Options of a tunnel in the members of `TunnelOption`, as EC2 tells them. */
export type TunnelOptions = JsonObject;

/** One of the two tunnels of a connection. */
export interface VpnTunnel {
  /** Outside address of AWS's end point: it stays as long as the connection does. */
  readonly outsideAddress: string;
  /** As they are now. */
  options: TunnelOptions;
  /** Whether a gateway speaks with it, as a test says: after another key, none does until it is said again. */
  peer: boolean;
  /** Routes that it told by BGP. */
  routes: number;
  /** When the end point is through with a change or a replacement; in milliseconds since 1970. */
  busyUntil: number;
  changedAt: number;
  maintenance: { pending: boolean; appliedAt: number | undefined };
}

export interface VpnConnection {
  readonly id: string;
  readonly tunnels: readonly VpnTunnel[];
}

interface Vpn {
  readonly connections: Map<string, VpnConnection>;
  /** Addresses of 198.51.100.0/24 (RFC 5737) that were given. */
  addresses: number;
}

const KEY: StoreKey<Vpn> = { name: 'vpn', create: () => ({ connections: new Map(), addresses: 0 }) };

/** Of a lab: AWS takes some minutes. In steps of a stack operation. */
const STEPS = 4;

export function vpnConnections(realm: Realm): Map<string, VpnConnection> {
  return realm.store(KEY).connections;
}

export function addConnection(realm: Realm, id: string, options: readonly TunnelOptions[]): VpnConnection {
  const vpn = realm.store(KEY);
  const now = realm.world.clock.now();
  const tunnels = options.map((each): VpnTunnel => {
    vpn.addresses += 1;
    return {
      outsideAddress: `198.51.100.${((vpn.addresses - 1) % 254) + 1}`,
      options: each,
      ...{ peer: false, routes: 0, busyUntil: 0, changedAt: now },
      maintenance: { pending: false, appliedAt: undefined },
    };
  });
  const connection = { id, tunnels };
  vpn.connections.set(id, connection);
  return connection;
}

/** Whether traffic passes: a gateway speaks with the end point, which is not being changed. */
export function isUp(realm: Realm, { peer, busyUntil }: VpnTunnel): boolean {
  return peer && busyUntil <= realm.world.clock.now();
}

export function isBusy(realm: Realm, { tunnels }: VpnConnection): boolean {
  return tunnels.some(({ busyUntil }) => busyUntil > realm.world.clock.now());
}

/** The end point is made anew, as for every change of it: it is down meanwhile. */
export function replaceEndPoint(realm: Realm, tunnel: VpnTunnel): void {
  const now = realm.world.clock.now();
  tunnel.busyUntil = now + STEPS * realm.world.stepMilliseconds;
  tunnel.changedAt = now;
}

/** @throws AwsError where there is none, as EC2 says it */
export function tunnelOf(realm: Realm, id: string, address: string): readonly [VpnConnection, VpnTunnel] {
  const connection = vpnConnections(realm).get(id);
  if (connection === undefined)
    throw new AwsError('InvalidVpnConnectionID.NotFound', `The vpnConnection ID '${id}' does not exist`);
  const tunnel = connection.tunnels.find(({ outsideAddress }) => outsideAddress === address);
  if (tunnel === undefined)
    throw new AwsError('InvalidParameterValue', `The VPN tunnel outside IP address ${address} is not of ${id}`);
  return [connection, tunnel];
}

/** What a test says of a gateway, by the outside address of a tunnel: `up`, `routes`, `maintenance`. AWS has no call for it. */
export function setTunnel(
  realm: Realm,
  address: string,
  said: { readonly up?: boolean; readonly routes?: number; readonly maintenance?: boolean },
): void {
  const all = [...vpnConnections(realm).values()].flatMap(({ tunnels }) => tunnels);
  const tunnel = all.find(({ outsideAddress }) => outsideAddress === address);
  if (tunnel === undefined) throw new AwsError('NotFound', `no tunnel has the outside address ${address}`, 404);
  if (said.up !== undefined && said.up !== tunnel.peer) tunnel.changedAt = realm.world.clock.now();
  tunnel.peer = said.up ?? tunnel.peer;
  tunnel.routes = said.routes ?? tunnel.routes;
  tunnel.maintenance.pending = said.maintenance ?? tunnel.maintenance.pending;
}
