import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { type Alert, watched } from '../../../../lib/private-cloud/alerts/alert.ts';
import { scrapeJobs } from '../../../../lib/private-cloud/alerts/exporters.ts';
import { alertGroups } from '../../../../lib/private-cloud/alerts/index.ts';
import { problemOf } from '../../cli/advice/dry-parse.ts';
import { backedUp, paris } from '../failure/clouds.ts';
import { cloudOf, LAYOUTS } from '../kolla/layouts.ts';
import { METRICS, metricsIn } from './metrics.ts';

const groupsOf = (cloud: Cloud) => alertGroups(watched('cloud', cloud));
const alertsOf = (cloud: Cloud): Alert[] => groupsOf(cloud).flatMap(({ alerts }) => alerts);
const exprOf = (cloud: Cloud, name: string) => alertsOf(cloud).find((alert) => alert.name === name)?.expr;
const withGroup = (role: 'queue' | 'control', count: number): Cloud => ({
  ...paris,
  hosts: Object.fromEntries(
    Object.entries(paris.hosts).map(([name, host]) => [name, name === `${role}-a` ? { ...host, count } : host]),
  ),
});

describe.each([
  ...LAYOUTS.map((layout) => [layout, cloudOf(layout)] as const),
  ...[['paris', paris] as const, ['paris with backups', backedUp(paris)] as const],
])('the alerts of %s', (_, cloud) => {
  it('ask for what the exporters give', () => {
    const known = new Set(Object.values(METRICS).flat());
    const asked = groupsOf(cloud).flatMap(({ alerts, records = {} }) => [
      ...alerts.map(({ expr }) => expr),
      ...Object.values(records),
    ]);
    expect(asked.flatMap(metricsIn).filter((name) => !known.has(name))).toEqual([]);
  });

  it('have a name of their own in each zone, a prediction, and a command that can be run', async () => {
    const alerts = alertsOf(cloud);
    const names = alerts.map(({ name, zone = '' }) => `${name} ${zone}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, prediction, summary, runbook } of alerts) {
      expect(`${prediction} ${summary}`, name).not.toMatch(/undefined|NaN|Infinity|\[object/);
      expect(prediction.length, name).toBeGreaterThan(20);
      const args = runbook.replaceAll(/\{\{.*?\}\}/g, 'control-1').split(' ');
      expect([args[0], await problemOf(args.slice(1))], `${name}: ${runbook}`).toEqual(['tandem', undefined]);
    }
  });
});

describe('the number that an alert compares with', () => {
  it('is the size of the cluster that the cloud has', () => {
    expect(exprOf(paris, 'DatabaseMemberLost')).toBe('min(mysql_global_status_wsrep_cluster_size) < 3');
    expect(exprOf(withGroup('queue', 3), 'BrokerLost')).toMatch(/ < 5$/);
    expect(exprOf(withGroup('queue', 3), 'BrokersWithoutMajority')).toMatch(/ < 3$/);
  });

  it('is three for members of a queue, however many brokers there are, and all of them for a stream', () => {
    const five = withGroup('queue', 3);
    expect(exprOf(five, 'QueueMembersMissing')).toMatch(/\{queue_type="rabbit_quorum_queue"\}\) < 3\) > 0$/);
    expect(exprOf(five, 'QueuesWithoutMajority')).toMatch(/ < 2\) > 0$/);
    expect(exprOf(five, 'StreamReplicasMissing')).toMatch(/ < 5\) > 0$/);
  });

  it('is the age that a backup may have, where there is any', () => {
    expect(exprOf(paris, 'BackupTooOld')).toBeUndefined();
    expect(exprOf(backedUp(paris), 'BackupTooOld')).toBe(
      'time() - max(tandem_backup_last_success_timestamp_seconds{cloud="cloud",kind="full"}) > 26 * 3600' +
        ' or absent(tandem_backup_last_success_timestamp_seconds{cloud="cloud",kind="full"})',
    );
  });

  it('is the hosts that Kolla looks after: Ceph’s own are not among them', () => {
    expect(exprOf(paris, 'HostsUnwatched')).toMatch(/ < 37$/);
  });

  it('is what the worst failure leaves of a zone: without its largest host, or its largest rack', () => {
    expect(exprOf(paris, 'ZoneWithoutSpareMemory')).toMatch(/ - max\(tandem:placement_capacity\{/);
    const one = { ...paris, zones: { all: { racks: ['a', 'b', 'c'] } } };
    const hosts = { ...one.hosts, 'compute-b': { ...(one.hosts['compute-b'] as Cloud['hosts'][string]), count: 9 } };
    const [usage, rest] = exprOf({ ...one, hosts }, 'ZoneWithoutSpareMemory')?.split(' > ') ?? [];
    expect(usage).toContain('(compute-a|compute-b|compute-c)');
    expect(rest).toContain('(compute-a|compute-c)');
    expect(rest).not.toContain('max');
  });
});

describe('alerts of what a cloud does not have', () => {
  it('are not there: no VIP, no cluster of one member, nobody to ask Ceph', () => {
    const names = alertsOf(cloudOf('starter')).map(({ name }) => name);
    expect(names).toContain('DatabaseDown');
    for (const name of ['DatabaseMemberLost', 'BrokerLost', 'OvnMemberLost', 'InternalAddressUnheld', 'CephUnhealthy'])
      expect(names).not.toContain(name);
  });

  it('come with what asks Ceph', () => {
    const kolla = {
      ...(paris.kolla as NonNullable<Cloud['kolla']>),
      globals: { enable_prometheus_ceph_mgr_exporter: true },
    };
    expect(alertsOf({ ...paris, kolla }).map(({ name }) => name)).toContain('CephUnhealthy');
  });
});

describe('jobs beside those of Kolla', () => {
  it('ask each broker for its queues, and each member of the northbound database for a connection', () => {
    const jobs = scrapeJobs(watched('paris', paris));
    expect(jobs.map(({ name, targets }) => [name, targets.map(({ instance }) => instance)])).toEqual([
      ['tandem_queues', ['queue-a-1', 'queue-b-1', 'queue-c-1']],
      ['tandem_probes', ['ovn-a-1', 'ovn-b-1', 'ovn-c-1']],
    ]);
  });
});
