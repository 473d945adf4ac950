import { hostsFor, type Topology } from '../topology/topology.ts';
import type { Setting } from './tree.ts';

/** Whether Prometheus runs at all: some host has the role `monitoring`. */
export function isMonitored(topology: Pick<Topology, 'hosts'>): boolean {
  return hostsFor(topology, 'monitoring').length > 0;
}

/** Variables of Prometheus and its exporters. */
export function monitoringSettings(topology: Topology): Setting[] {
  if (!isMonitored(topology)) return [{ key: 'enable_prometheus', value: false, from: ['hosts'] }];
  return [
    { key: 'enable_prometheus', value: true, from: ['hosts'] },
    {
      key: 'prometheus_node_exporter_cmdline_extras',
      value: '--collector.netdev.address-info',
      why: 'each host tells its addresses: who holds a virtual one, and whether two do',
    },
  ];
}
