import type { Project } from '../../config/project.ts';
import { describeRestarts } from '../../plan/difference/restarts.ts';
import type { Change, Impact } from '../../plan/model.ts';
import { servicesOf, spare } from '../../private-cloud/topology/services.ts';
import { topologyOf } from '../../private-cloud/topology/topology.ts';
import type { StackId } from '../../stack/id.ts';

/** Containers by the service whose members they are, where the names differ. */
const CONTAINERS: Readonly<Record<string, string>> = {
  'ovn-nb-db': 'ovn-nb-db',
  'ovn-sb-db': 'ovn-sb-db',
  'ovn-db': 'ovn-nb-db',
  valkey: 'valkey',
  redis: 'valkey',
  mariadb: 'mariadb',
  rabbitmq: 'rabbitmq',
};

/** Which services of a cloud restart, and whether those that need a majority keep it. */
export function cloudImpact(id: StackId, cloud: string, changes: readonly Change[], before: Project): Impact[] {
  const value = before.clouds.get(cloud)?.value;
  const restarts = [...new Set(changes.flatMap((change) => change.restarts))];
  if (value === undefined || restarts.length === 0) return [];
  const services = servicesOf(value, topologyOf(cloud, value)).filter(({ quorum }) => quorum === 'majority');
  const quorums = services.flatMap((service) => {
    const hosts = new Set(
      restarts.flatMap((restart) => {
        const [name = '', host = ''] = restart.split('@');
        return CONTAINERS[name.replaceAll('_', '-')] === service.name ? [host] : [];
      }),
    );
    const gone = service.members.filter(({ name }) => hosts.has(name)).length;
    if (gone === 0) return [];
    const all = `${service.name}: ${gone} of ${service.members.length} members restart`;
    if (service.members.length === 1) return [`${all}, and it is down meanwhile`];
    return gone <= spare(service)
      ? [`${all}; the others are a majority`]
      : [`${all}, one after another: a majority stays as long as each is back before the next`];
  });
  const what = describeRestarts(restarts) ?? '';
  const text = [what, ...quorums].join('; ');
  return [{ fleet: id, replaced: 0, old: 0, batchPercent: null, minutes: null, text }];
}
