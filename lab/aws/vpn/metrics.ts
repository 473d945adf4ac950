import type { Realm } from '../world.ts';
import { isUp, vpnConnections } from './store.ts';

/** What the tunnels of a connection tell CloudWatch: 1 where BGP is established (vpn/latest/s2svpn/monitoring-cloudwatch-vpn.html). */
export function tunnelStates(realm: Realm) {
  return [...vpnConnections(realm).values()].flatMap(({ id, tunnels }) =>
    tunnels.flatMap((tunnel) => {
      const VpnId = { Name: 'VpnId', Value: id };
      const datum = { MetricName: 'TunnelState', Value: isUp(realm, tunnel) ? 1 : 0 };
      return [
        { ...datum, Dimensions: [VpnId] },
        { ...datum, Dimensions: [VpnId, { Name: 'TunnelIpAddress', Value: tunnel.outsideAddress }] },
      ];
    }),
  );
}
