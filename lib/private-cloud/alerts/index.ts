import type { Cloud } from '../../config/schema/cloud.ts';
import { type Alert, type Watched, watched } from './alert.ts';
import { backupAlerts } from './backups.ts';
import { CAPACITY_RECORDS, capacityAlerts } from './capacity.ts';
import { clusterAlerts } from './clusters.ts';
import { exporterAlerts, type ScrapeJob, scrapeJobs } from './exporters.ts';
import { queueAlerts } from './queues.ts';
import { reachAlerts } from './reach.ts';

/** Alerts of one kind. */
export interface AlertGroup {
  readonly name: string;
  /** Sums that several of its alerts start from, by the name that they are kept under. */
  readonly records?: Readonly<Record<string, string>>;
  readonly alerts: readonly Alert[];
}

/** Every alert of a cloud, by kind: what must hold of it (`rules/`), and what its failures are predicted to do (`failure/`). Pure. */
export function alertGroups(cloud: Watched): AlertGroup[] {
  return [
    { name: 'clusters', alerts: clusterAlerts(cloud) },
    { name: 'queues', alerts: queueAlerts(cloud) },
    { name: 'reach', alerts: reachAlerts(cloud) },
    { name: 'capacity', records: CAPACITY_RECORDS, alerts: capacityAlerts(cloud) },
    { name: 'backups', alerts: backupAlerts(cloud) },
    { name: 'exporters', alerts: exporterAlerts(cloud) },
  ].filter(({ alerts }) => alerts.length > 0);
}

/** What Prometheus needs to know of a cloud: alerts, and jobs beside Kolla's own. */
export function watchOf(name: string, cloud: Cloud): { groups: readonly AlertGroup[]; jobs: readonly ScrapeJob[] } {
  const each = watched(name, cloud);
  return { groups: alertGroups(each), jobs: scrapeJobs(each) };
}
