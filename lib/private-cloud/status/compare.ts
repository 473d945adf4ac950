import { compareContainers } from './containers.ts';
import type { ExpectedCloud } from './expected.ts';
import { compareMembers } from './members.ts';
import {
  AREAS,
  type Area,
  type Difference,
  type FoundCertificate,
  type FoundCloud,
  type LiveApi,
  type StatusReport,
} from './report.ts';
import { shortName } from './short-name.ts';

/** What a live cloud said, beside what its configuration says. Pure. */
export function compareStatus(expected: ExpectedCloud, found: FoundCloud): StatusReport {
  const { surveys, membership, api, certificates } = found;
  const live = 'why' in api ? undefined : api;
  const differences = [
    ...expected.hosts
      .filter((host) => !surveys.has(host))
      .map((host): Difference => ({ area: 'hosts', subject: host, expected: 'answers', found: 'does not answer' })),
    ...('why' in api
      ? [{ area: 'compute services', subject: 'the API', expected: 'answers', found: api.why } as const]
      : apiFaults(expected, api)),
    ...compareMembers(expected, membership, (host) => surveys.has(host)),
    ...certificates.flatMap(certificateFault),
    ...compareContainers(expected, surveys),
  ];
  const count: Readonly<Record<Area, number>> = {
    hosts: surveys.size,
    database: membership.database.length,
    brokers: membership.brokers.length,
    queues: membership.queues.length,
    'OVN databases': membership.raft.length,
    VIPs: membership.vips.filter(({ hosts }) => hosts.length > 0).length,
    'spare capacity': live?.spare.servers ?? 0,
    certificates: certificates.filter(({ state }) => state === 'good').length,
    'compute services': live?.compute.length ?? 0,
    'network agents': live?.agents.length ?? 0,
    'volume services': live?.volumes.length ?? 0,
    containers: [...surveys.keys()].reduce((sum, host) => sum + (expected.containers.get(host)?.size ?? 0), 0),
  };
  return {
    cloud: expected.cloud,
    differences: AREAS.flatMap((area) => differences.filter((each) => each.area === area)),
    asked: AREAS.map((area) => ({ area, count: count[area] })),
  };
}

function certificateFault({ name, state, daysLeft, problems }: FoundCertificate): Difference[] {
  // Of what is encrypted nobody knows the end here: Prometheus tells it of what balancers show.
  if (state === 'good' || state === 'encrypted') return [];
  const found = { soon: `ends in ${daysLeft ?? 0} days`, expired: 'has ended', missing: 'is not there' };
  const why = state === 'broken' ? (problems[0] ?? 'cannot be used') : found[state];
  return [{ area: 'certificates', subject: name, expected: 'is there and holds for a month', found: why }];
}

function apiFaults({ compute, chassis, hosts }: ExpectedCloud, api: LiveApi): Difference[] {
  const services = new Map(api.compute.map((service) => [shortName(service.host), service]));
  const agents = Map.groupBy(api.agents, ({ host }) => shortName(host));
  const inCloud = new Set(hosts);
  return [
    ...compute.flatMap((host): Difference[] => {
      const service = services.get(host);
      if (service?.isUp === true && service.isEnabled) return [];
      const reason = service?.disabledReason === undefined ? '' : ` (${service.disabledReason})`;
      const found = service === undefined ? 'Nova knows none' : service.isUp ? `disabled${reason}` : 'down';
      return [{ area: 'compute services', subject: host, expected: 'up and enabled', found }];
    }),
    ...[...services.keys()]
      .filter((host) => !compute.includes(host))
      .map((host): Difference => gone('compute services', host, 'Nova counts its service')),
    ...chassis.flatMap((host): Difference[] => {
      const own = agents.get(host) ?? [];
      const dead = own.filter(({ isAlive }) => !isAlive);
      if (own.length > 0 && dead.length === 0) return [];
      const found = own.length === 0 ? 'Neutron knows none' : `${dead.map(({ type }) => type).join(', ')} is down`;
      return [{ area: 'network agents', subject: host, expected: 'agents are alive', found }];
    }),
    ...[...agents.keys()]
      .filter((host) => !inCloud.has(host))
      .map((host): Difference => gone('network agents', host, 'Neutron counts its agents')),
    ...api.volumes
      .filter(({ isUp, isEnabled }) => !isUp || !isEnabled)
      .map(
        ({ binary, host, isUp }): Difference => ({
          area: 'volume services',
          subject: `${binary} on ${host}`,
          expected: 'up and enabled',
          found: isUp ? 'disabled' : 'down',
        }),
      ),
    ...api.spare.lacks.map(
      ({ host, why }): Difference => ({ area: 'spare capacity', subject: host, expected: 'may fail', found: why }),
    ),
  ];
}

function gone(area: Area, host: string, found: string): Difference {
  return { area, subject: host, expected: 'is no such host of the configuration', found };
}
