import { currentMembers } from './members.ts';
import type { NetnsCluster } from './netns-cluster.ts';

/**
 * What Nova, Neutron and Cinder know of the lab's hosts. Its controllers have the APIs alone, no hypervisor, no chassis and no volumes:
 * each is said to have one agent that is alive until it is deleted, and nothing has to be moved from any. No evidence for what these
 * services would say.
 */
export class NetnsCloudApi {
  readonly #cluster: NetnsCluster;
  readonly #forgotten = new Set<string>();

  constructor(cluster: NetnsCluster) {
    this.#cluster = cluster;
  }

  async networkAgents() {
    const hosts = currentMembers(this.#cluster.layout).control.filter((host) => !this.#forgotten.has(host));
    return await Promise.resolve(hosts.map((host) => ({ id: host, host, type: 'said', isAlive: true })));
  }

  async deleteAgents(host: string): Promise<void> {
    await Promise.resolve(this.#forgotten.add(host));
  }

  readonly computeServices = nothing;
  readonly volumeServices = nothing;
  readonly serversOn = nothing;
  readonly volumesOn = nothing;
  readonly disable = done;
  readonly enable = done;
  readonly liveMigrate = done;
  readonly forceDown = done;
  readonly evacuate = done;
  readonly deleteComputeService = done;
  readonly deleteControlServices = done;
  readonly deleteVolumeServices = done;
}

const nothing = (): Promise<never[]> => Promise.resolve([]);
const done = (): Promise<void> => Promise.resolve();
