import { majorityOf } from '../../config/majority.ts';
import { type Alert, countOf, longestGap, nextLoss, sizeOf, type Watched, without } from './alert.ts';

/** Members of what decides by majority: Galera, OVN's databases, Valkey; and the caches. */
export function clusterAlerts(watched: Watched): Alert[] {
  return [...database(watched), ...ovn(watched), ...valkey(watched), ...caches(watched)];
}

function database(watched: Watched): Alert[] {
  const size = sizeOf(watched, 'mariadb');
  const look = `tandem cloud status ${watched.name}`;
  const answering: Alert = {
    name: 'DatabaseDown',
    expr: '(max(mysql_global_status_wsrep_ready) or vector(0)) == 0',
    forMinutes: 1,
    severity: 'critical',
    summary: 'No member of MariaDB accepts statements.',
    prediction: without(watched, 'mariadb'),
    // It changes nothing before it is told to, and says so where there is nothing to recover.
    runbook: `tandem cloud recover ${watched.name}`,
  };
  if (size < 2) return [{ ...answering, expr: '(max(mysql_up) or vector(0)) == 0', runbook: look }];
  return [
    answering,
    {
      name: 'DatabaseMemberLost',
      expr: `min(mysql_global_status_wsrep_cluster_size) < ${size}`,
      forMinutes: 2,
      severity: 'warning',
      summary: `Galera has {{ $value }} of ${size} members.`,
      prediction: `${nextLoss(size)}; a lost member stops writes for at most ${longestGap(watched, 'mariadb')} s`,
      runbook: look,
    },
    {
      name: 'DatabaseMemberOutside',
      expr: 'mysql_global_status_wsrep_cluster_status == 0 or mysql_global_status_wsrep_local_state != 4',
      forMinutes: 10,
      severity: 'warning',
      summary: 'MariaDB on {{ $labels.instance }} is no synced member of the majority.',
      prediction: 'it serves nobody, and its vote is missing or belongs to a minority',
      runbook: `tandem cloud simulate-failure ${watched.name} --off {{ $labels.instance }}`,
    },
    {
      name: 'DatabaseTwoClusters',
      expr: 'count(count by (wsrep_cluster_state_uuid) (mysql_galera_status_info)) > 1',
      forMinutes: 1,
      severity: 'critical',
      summary: 'Members of MariaDB belong to {{ $value }} clusters with different histories.',
      prediction:
        'never by a failure alone: a member was bootstrapped beside the others; stop writes before anything else',
      runbook: look,
    },
  ];
}

function ovn(watched: Watched): Alert[] {
  const size = sizeOf(watched, 'ovn-sb-db');
  if (size < 2) return [];
  const south = '{database="OVN_Southbound",status="cluster member"}';
  const look = `tandem cloud status ${watched.name}`;
  return [
    {
      name: 'OvnMemberLost',
      expr: `${countOf(`ovn_raft_cluster_server_status${south}`)} < ${size}`,
      forMinutes: 2,
      severity: 'warning',
      summary: `OVN's southbound database has {{ $value }} of ${size} members.`,
      prediction: `${nextLoss(size)}; then running traffic goes on, and no port, address or chassis changes any more`,
      runbook: look,
    },
    {
      name: 'OvnWithoutLeader',
      expr: `(sum(ovn_raft_cluster_leader{database="OVN_Southbound"}) or vector(0)) < 1`,
      forMinutes: 2,
      severity: 'critical',
      summary: "OVN's southbound database has no leader.",
      prediction: `an election takes at most ${longestGap(watched, 'ovn-sb-db')} s; ${without(watched, 'ovn-sb-db')}`,
      runbook: look,
    },
    {
      name: 'OvnNorthboundMemberLost',
      expr: `(sum(probe_success{job="tandem_probes",service="ovn-nb-db"}) or vector(0)) < ${size}`,
      forMinutes: 2,
      severity: 'warning',
      summary: `OVN's northbound database answers on {{ $value }} of ${size} hosts.`,
      prediction: `${nextLoss(size)}; ${without(watched, 'ovn-nb-db')}`,
      runbook: look,
    },
  ];
}

function valkey(watched: Watched): Alert[] {
  const size = sizeOf(watched, 'valkey');
  if (size === 0) return [];
  return [
    {
      name: 'ValkeyMemberLost',
      expr: `${countOf('redis_up == 1')} < ${size}`,
      forMinutes: 2,
      severity: 'warning',
      summary: `Valkey has {{ $value }} of ${size} members.`,
      prediction: `${nextLoss(size)} among its sentinels; ${without(watched, 'valkey')}`,
      runbook: `tandem cloud status ${watched.name}`,
    },
    {
      name: 'ValkeyWithoutMaster',
      expr: `${countOf('redis_instance_info{role="master"}')} != 1`,
      forMinutes: 2,
      severity: 'critical',
      summary: 'Valkey has {{ $value }} masters.',
      prediction: `its ${majorityOf(size)} sentinels choose exactly one; ${without(watched, 'valkey')}`,
      runbook: `tandem cloud status ${watched.name}`,
    },
  ];
}

function caches(watched: Watched): Alert[] {
  if (sizeOf(watched, 'memcached') === 0) return [];
  return [
    {
      name: 'CacheDown',
      expr: 'memcached_up == 0',
      forMinutes: 2,
      severity: 'warning',
      summary: 'memcached on {{ $labels.instance }} does not answer.',
      prediction: `a token that it kept is checked anew, at most ${longestGap(watched, 'memcached')} s later`,
      runbook: `tandem cloud simulate-failure ${watched.name} --off {{ $labels.instance }}`,
    },
  ];
}
