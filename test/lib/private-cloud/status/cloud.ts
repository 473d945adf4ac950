import { readInventory, valuesOf } from '../../../../lib/engines/kolla/read-tree.ts';
import { renderTree } from '../../../../lib/private-cloud/kolla/render.ts';
import { type ExpectedCloud, expectedOf } from '../../../../lib/private-cloud/status/expected.ts';
import type { FoundCloud, LiveApi } from '../../../../lib/private-cloud/status/report.ts';
import type { HostSurvey } from '../../../../lib/private-cloud/status/survey.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { paris } from '../failure/clouds.ts';

const { files } = renderTree('paris', paris);

export const expected: ExpectedCloud = expectedOf({
  ...{ cloud: paris, topology: topologyOf('paris', paris) },
  groups: readInventory(files['inventory/multinode'] ?? ''),
  globals: valuesOf('globals.yml', files['globals.yml'] ?? ''),
});

export interface Found extends FoundCloud {
  readonly surveys: ReadonlyMap<string, HostSurvey>;
  readonly api: LiveApi;
}

/** A cloud that is as its configuration says. */
export function asConfigured(): Found {
  const { places, hosts, containers, compute, chassis } = expected;
  const raft = (['OVN_Northbound', 'OVN_Southbound'] as const).flatMap((database) =>
    places.raft.map((host, at) => ({
      ...{ database, host, role: at === 0 ? 'leader' : 'follower' },
      servers: places.raft.map((each) => ({ id: 'a1b2', address: `tcp:${each}`, host: each })),
    })),
  );
  const brokers = [...places.brokers].sort();
  const copies = { members: brokers, online: brokers, leader: brokers[0] ?? '' };
  return {
    surveys: new Map(
      hosts.map((host) => [
        host,
        {
          bootId: host,
          answers: [],
          containers: [...(containers.get(host) ?? [])].map((name) => ({
            ...{ name, image: `kolla/${name}:2026.1`, state: 'running', health: 'healthy', isStale: false },
          })),
        },
      ]),
    ),
    membership: {
      database: places.database.map((host) => ({ host, size: 3, synced: true, uuid: 'u' })),
      brokers: brokers.map((host) => ({ host, running: brokers, known: brokers, partitions: [] })),
      queues: [
        { name: 'compute.compute-a-1', type: 'quorum', ...copies },
        { name: 'compute_fanout', type: 'stream', ...copies },
      ],
      raft,
      vips: places.vips.map((address) => ({ address, hosts: [places.balancers[0] ?? ''] })),
      unanswered: [],
    },
    api: {
      compute: compute.map((host) => ({ id: host, host, isUp: true, isEnabled: true })),
      agents: chassis.map((host) => ({ id: host, host: `${host}.example.org`, type: 'OVN', isAlive: true })),
      volumes: [{ binary: 'cinder-volume', host: 'control-a-1@rbd-1', isUp: true, isEnabled: true }],
      spare: { servers: 7, lacks: [] },
    },
    certificates: [{ name: 'internal VIP', state: 'good', daysLeft: 90, problems: [] }],
  };
}
