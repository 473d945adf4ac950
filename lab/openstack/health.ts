import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { list } from './catalogue.ts';
import { type Cloud, textOf } from './cloud.ts';
import type { Sandbox } from './sandbox.ts';
import type { LabHypervisor } from './types.ts';

export interface HealthContext {
  readonly cloud: Cloud;
  readonly sandbox: Sandbox;
  readonly hypervisors: readonly LabHypervisor[];
}

/** Resolves with what was seen if the service does its work; rejects with why not. */
export type HealthCheck = (context: HealthContext) => Promise<string>;

/** One check a service, each by authenticated requests that reach its database and its agents. */
export const HEALTH_CHECKS: Readonly<Record<string, HealthCheck>> = {
  keystone: async ({ cloud }) => {
    const endpoints = list(await cloud.call('identity', '/v3/endpoints'), 'endpoints');
    return `${endpoints.length} endpoints`;
  },
  glance: async ({ cloud }) => `${list(await cloud.call('image', '/v2/images'), 'images').length} images`,
  placement: async ({ cloud, hypervisors }) => {
    const providers = list(await cloud.call('placement', '/resource_providers'), 'resource_providers');
    return expectAll(
      'resource providers',
      hypervisors,
      providers.map((provider) => textOf(provider['name'])),
    );
  },
  nova: async ({ cloud, sandbox, hypervisors }) => {
    await cloud.call('compute', '/v2.1/servers');
    const services = list(await cloud.call('compute', '/v2.1/os-services'), 'services');
    for (const binary of ['nova-conductor', 'nova-scheduler']) {
      if (!services.some((service) => service['binary'] === binary && service['state'] === 'up'))
        throw new Error(`${binary} is down`);
    }
    const up = services.filter((service) => service['binary'] === 'nova-compute' && service['state'] === 'up');
    expectAll(
      'nova-compute services',
      hypervisors,
      up.map((service) => textOf(service['host'])),
    );
    // The scheduler uses a host only once it is mapped to its cell.
    const mapped = await sandbox.read({
      user: 'root',
      argv: ['mariadb', '-N', '-e', 'SELECT host FROM nova_api.host_mappings'],
    });
    return expectAll('hypervisors', hypervisors, mapped.split('\n'));
  },
  neutron: async ({ cloud, hypervisors }) => {
    await cloud.call('network', '/v2.0/networks');
    await cloud.call('network', '/v2.0/vpn/vpnservices');
    await cloud.call('network', '/v2.0/qos/policies');
    // A listing makes OVN ask the chassis, and shows what was known before: the second one is right.
    await cloud.call('network', '/v2.0/agents');
    await sleep(300);
    const agents = list(await cloud.call('network', '/v2.0/agents'), 'agents');
    const alive = agents.filter((agent) => agent['binary'] === 'ovn-controller' && agent['alive'] === true);
    return expectAll(
      'live OVN chassis',
      hypervisors,
      alive.map((agent) => textOf(agent['host'])),
    );
  },
  cinder: async ({ cloud }) => {
    const services = list(await cloud.call('volume', `/v3/${await cloud.projectId()}/os-services`), 'services');
    for (const binary of ['cinder-scheduler', 'cinder-volume']) {
      if (!services.some((service) => service['binary'] === binary && service['state'] === 'up'))
        throw new Error(`${binary} is down`);
    }
    // A scheduler that is up may not listen yet: the call is lost then, and has to be repeated.
    const path = `/v3/${await cloud.projectId()}/scheduler-stats/get_pools`;
    const pools = list(await cloud.call('volume', path, { timeoutMs: 8000 }), 'pools');
    if (pools.length === 0) throw new Error('the scheduler knows no volume pool yet');
    return `${pools.length} volume pool`;
  },
  octavia: async ({ cloud, sandbox }) => {
    await cloud.call('load-balancer', '/v2.0/lbaas/loadbalancers');
    const providers = list(await cloud.call('load-balancer', '/v2.0/lbaas/providers'), 'providers');
    if (!providers.some((provider) => provider['name'] === 'ovn')) throw new Error('the OVN provider is not loaded');
    for (const name of ['status', 'stats', 'get']) {
      if (!existsSync(sandbox.path(`/run/octavia/${name}.sock`)))
        throw new Error(`the driver agent's ${name} socket is missing`);
    }
    return 'OVN provider';
  },
  designate: async ({ cloud }) => {
    await cloud.call('dns', '/v2/zones');
    const statuses = list(await cloud.call('dns', '/v2/service_statuses'), 'service_statuses');
    for (const name of ['central', 'producer', 'mdns', 'worker']) {
      if (!statuses.some((status) => status['service_name'] === name && status['status'] === 'UP'))
        throw new Error(`${name} is down`);
    }
    const pools = list(await cloud.call('dns', '/v2/pools'), 'pools');
    return `${pools.length} pool`;
  },
  barbican: async ({ cloud }) => {
    const { total } = await cloud.call('key-manager', '/v1/secrets?limit=1');
    return `${Number(total)} secrets`;
  },
};

function expectAll(what: string, hypervisors: readonly LabHypervisor[], seen: readonly string[]): string {
  const found = new Set(seen);
  const missing = hypervisors.filter(({ name }) => !found.has(name));
  if (missing.length === 0) return `${hypervisors.length} ${what}`;
  throw new Error(
    `${missing.length} of ${hypervisors.length} ${what} missing: ${missing.map(({ name }) => name).join(', ')}`,
  );
}
