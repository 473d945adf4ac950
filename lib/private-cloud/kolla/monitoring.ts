import type { Cloud } from '../../config/schema/cloud.ts';
import type { Alert } from '../alerts/alert.ts';
import type { ScrapeJob } from '../alerts/exporters.ts';
import { watchOf } from '../alerts/index.ts';
import { hostsFor, type Topology } from '../topology/topology.ts';
import { Expression, type Value, yamlValue } from './expression.ts';
import { headOf, type RenderedFile, type Setting } from './tree.ts';

/** Where node exporters look for files of metrics: a folder that Kolla's container has on every host. */
const TEXTFILE_FOLDER = '/var/log/kolla/prometheus';

/** Whether Prometheus runs at all: some host has the role `monitoring`. */
function isMonitored(topology: Pick<Topology, 'hosts'>): boolean {
  return hostsFor(topology, 'monitoring').length > 0;
}

/** Variables of Prometheus and its exporters. @param isBackedUp whether `cloud backup` leaves the age of the newest one for them */
export function monitoringSettings(topology: Topology, isBackedUp: boolean): Setting[] {
  if (!isMonitored(topology)) return [{ key: 'enable_prometheus', value: false, from: ['hosts'] }];
  return [
    { key: 'enable_prometheus', value: true, from: ['hosts'] },
    {
      key: 'prometheus_instance_label',
      value: new Expression('{{ inventory_hostname }}'),
      why: 'alerts name hosts, not addresses with ports',
    },
    {
      key: 'prometheus_node_exporter_cmdline_extras',
      value: `--collector.netdev.address-info${isBackedUp ? ` --collector.textfile.directory=${TEXTFILE_FOLDER}` : ''}`,
      ...(isBackedUp ? { from: ['kolla', 'backup'] satisfies Setting['from'] } : {}),
      why: `each host tells its addresses: who holds a virtual one, and whether two do${isBackedUp ? '; and how old the newest backup is' : ''}`,
    },
  ];
}

const FROM: RenderedFile['from'] = [['hosts'], ['vips'], ['zones'], ['storage'], ['kolla', 'backup']];

/** Alert rules, and the jobs that they need beside Kolla's own. Kolla copies both to Prometheus; the rules as they are. */
export function monitoringFiles(name: string, cloud: Cloud, topology: Topology): RenderedFile[] {
  if (!isMonitored(topology)) return [];
  const { groups, jobs } = watchOf(name, cloud);
  const rules = [
    ...headOf(name, FROM, 'Alert rules of Prometheus: what was predicted, watched.'),
    'groups:',
    ...groups.flatMap((group) => [
      `- name: ${yamlValue(`tandem ${group.name}`)}`,
      '  rules:',
      ...Object.entries(group.records ?? {}).flatMap(([record, expr]) => [
        `  - record: ${record}`,
        `    expr: ${JSON.stringify(expr)}`,
      ]),
      ...group.alerts.flatMap(ruleLines),
    ]),
  ];
  const scrape = [
    ...headOf(name, FROM, "Laid over the configuration of Prometheus: jobs beside Kolla's own."),
    'scrape_configs:',
    ...jobs.flatMap(jobLines),
  ];
  const file = (path: string, lines: readonly string[]): RenderedFile => ({
    ...{ path, content: `${lines.join('\n')}\n`, from: FROM, keys: {} },
  });
  return [file('config/prometheus/tandem.rules', rules), file('config/prometheus/prometheus.yml.d/tandem.yml', scrape)];
}

/** Prometheus's own templates stay what they are: Ansible copies this file and evaluates nothing in it. */
function ruleLines({ name, expr, forMinutes, severity, zone, summary, prediction, runbook }: Alert): string[] {
  return [
    `  - alert: ${name}`,
    `    expr: ${JSON.stringify(expr)}`,
    `    for: ${forMinutes}m`,
    `    labels: ${yamlValue({ severity, zone })}`,
    '    annotations:',
    `      summary: ${JSON.stringify(summary)}`,
    `      prediction: ${JSON.stringify(prediction)}`,
    `      runbook: ${JSON.stringify(runbook)}`,
  ];
}

function jobLines({ name, path, parameters, targets, through }: ScrapeJob): string[] {
  const value = (text: string): Value => (text.includes('{{') ? new Expression(text) : text);
  const relabel: Value[] = [
    { source_labels: ['__address__'], target_label: '__param_target' },
    { target_label: '__address__', replacement: value(through ?? '') },
  ];
  return [
    `- job_name: ${name}`,
    `  metrics_path: ${path}`,
    `  params: ${yamlValue(parameters)}`,
    '  static_configs:',
    ...targets.map(({ target, instance, service }) => {
      return `  - ${yamlValue({ targets: [value(target)], labels: { instance, ...(service === undefined ? {} : { service }) } })}`;
    }),
    ...(through === undefined ? [] : [`  relabel_configs: ${yamlValue(relabel)}`]),
  ];
}
