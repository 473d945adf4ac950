import { hostsFor, managed, type TopologyHost } from '../topology/topology.ts';
import { type Alert, countOf, type Watched } from './alert.ts';

/** Alerts about what tells all others: an exporter that is gone, or that nobody asks. */
export function exporterAlerts({ name, topology, cloud }: Watched): Alert[] {
  const hosts = managed(topology, cloud.storage.backend === 'ceph').length;
  return [
    {
      name: 'HostDown',
      expr: 'up{job="node"} == 0',
      forMinutes: 2,
      severity: 'critical',
      summary: '{{ $labels.instance }} does not answer.',
      prediction: 'its servers stop, and need an operator or Masakari to start elsewhere, once the host is fenced',
      runbook: `tandem cloud simulate-failure ${name} --off {{ $labels.instance }}`,
    },
    {
      name: 'ExporterDown',
      expr: 'up{job!="node"} == 0 unless on (instance) up{job="node"} == 0',
      forMinutes: 5,
      severity: 'warning',
      summary: 'The exporter {{ $labels.job }} on {{ $labels.instance }} does not answer.',
      prediction: 'alerts that stand on it stay silent, whatever happens',
      runbook: `tandem cloud simulate-failure ${name} --off {{ $labels.instance }}`,
    },
    {
      name: 'HostsUnwatched',
      expr: `${countOf('up{job="node"}')} < ${hosts}`,
      forMinutes: 15,
      severity: 'warning',
      summary: `Prometheus asks {{ $value }} of ${hosts} hosts.`,
      prediction: 'a host that it does not know of can fail unseen; it learns of one when it is reconfigured',
      runbook: `tandem deploy kolla/${name}`,
    },
  ];
}

/** A job of Prometheus beside Kolla's own. */
export interface ScrapeJob {
  readonly name: string;
  readonly path: string;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  /** `address:port`, where the port may be an expression of Ansible, and the label that tells them apart. */
  readonly targets: readonly { readonly target: string; readonly instance: string; readonly service?: string }[];
  /** Asked in place of the targets, which become its parameter `target`. @default - the targets themselves */
  readonly through?: string;
}

/**
 * What Kolla's jobs leave out: members of each queue and stream, which RabbitMQ tells on another page only, and whether each member
 * of OVN's northbound database accepts connections: where a host has both, as in every cloud of Kolla's, its exporter (0.2) asks the first control
 * socket that it finds, `ovnsb_db.ctl`, and no setting changes that.
 */
export function scrapeJobs({ topology, model }: Watched): ScrapeJob[] {
  const at = (host: TopologyHost, port: string) => `${host.addresses.internal ?? ''}:{{ ${port} }}`;
  const members = (service: string) => model.services.find(({ name }) => name === service)?.members ?? [];
  const [asker] = hostsFor(topology, 'monitoring');
  const jobs: ScrapeJob[] = [
    {
      name: 'tandem_queues',
      path: '/metrics/detailed',
      parameters: { family: ['queue_consumer_count'] },
      targets: members('rabbitmq').map((host) => ({
        target: at(host, 'rabbitmq_prometheus_port'),
        instance: host.name,
      })),
    },
  ];
  if (members('ovn-nb-db').length > 1 && asker !== undefined)
    jobs.push({
      name: 'tandem_probes',
      path: '/probe',
      parameters: { module: ['tcp_connect'] },
      targets: members('ovn-nb-db').map((host) => ({
        ...{ target: at(host, 'ovn_nb_db_port'), instance: host.name, service: 'ovn-nb-db' },
      })),
      through: at(asker, 'prometheus_blackbox_exporter_port'),
    });
  return jobs;
}
