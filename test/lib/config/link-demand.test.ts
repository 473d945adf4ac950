import { App } from 'cdktf';
import { describe, expect, it } from 'vitest';
import { directoryFiles, memoryFiles } from '../../../lib/config/files.ts';
import { linkDemandsOn } from '../../../lib/config/link/demand.ts';
import { loadProject } from '../../../lib/config/load.ts';
import { demandsOn, leasesOn } from '../../../lib/config/placed-leases.ts';
import { terraformStacks } from '../../../lib/engines/terraform/catalogue.ts';
import { loadChecked } from '../../../lib/private-cloud/checks/load-checked.ts';
import { placeLeases } from '../../../lib/private-cloud/placement/placement.ts';
import { costsOf } from '../../../lib/review/cost/cost.ts';
import { StackId } from '../../../lib/stack/id.ts';
import { LinkDiscoveryStack } from '../../../stacks/openstack/link-discovery-stack.ts';
import { rootOf } from '../../stacks/openstack/build.ts';
import { LINK } from './broken/links.ts';
import { minimal, TODAY } from './minimal.ts';

const { project } = loadProject(directoryFiles(process.cwd()));
const paris = project?.clouds.get('paris');
if (project === undefined || paris === undefined) throw new Error('the shipped configuration does not load');

describe('what a link takes of its cloud', () => {
  it('is counted before all leases, and placed with them', () => {
    const [gateways, discovery, ...leases] = demandsOn(project, 'paris');
    expect([gateways?.instances, discovery?.instances]).toEqual([2, 3]);
    expect(leases).toEqual(leasesOn(project, 'paris').map(({ demand }) => demand));
    const placed = placeLeases(project, 'paris').servers.filter(({ lease }) => lease === 'link-main');
    expect(placed.map(({ id, zone }) => `${id} ${zone ?? ''}`).sort()).toEqual([
      ...['link-main/consul-1 rack-c', 'link-main/consul-2 rack-a', 'link-main/consul-3 rack-b'],
      ...['link-main/gateway-1 rack-a', 'link-main/gateway-2 rack-b'],
    ]);
  });

  it('stands in the zones that the stack of Consul’s servers asks for', () => {
    const found = terraformStacks(project).find(({ id }) => id === 'openstack/paris/link-discovery');
    if (found?.kind !== 'link-discovery') throw new Error('no discovery of paris');
    const root = rootOf(new LinkDiscoveryStack(new App({ stackTraces: false }), found.inputs));
    const servers = Object.values(root.resource?.['openstack_compute_instance_v2'] ?? {}) as {
      readonly availability_zone: string;
      readonly flavor_name: string;
    }[];
    const demand = linkDemandsOn(project.links, paris).find(({ part }) => part === 'discovery');
    expect(servers.map((each) => [each.availability_zone, each.flavor_name])).toEqual(
      demand?.servers.map(({ zone, flavor }) => [zone, flavor]),
    );
    const volumes = Object.values(root.resource?.['openstack_blockstorage_volume_v3'] ?? {}) as { size: number }[];
    expect(demand?.volumeGiB).toBe(volumes.reduce((sum, { size }) => sum + size, 0));
  });

  it('costs what its servers, volumes and addresses cost', () => {
    const items = (id: StackId) => costsOf(id, project, project).map(({ what, quantity }) => `${what}: ${quantity}`);
    expect(items(StackId.link('paris')).join('; ')).toBe(
      'servers: 2 vCPUs, 4096 MiB; floating addresses: 2; load balancers: 0',
    );
    expect(items(StackId.linkDiscovery('paris')).join('; ')).toMatch(/^servers: 3 vCPUs, 6144 MiB;.*30 GiB/);
  });

  it('leaves less for leases, and is told where they do not fit beside it', () => {
    const most = (link: string) => {
      const files = { ...minimal(), 'config/links/main.yaml': link };
      const { problems } = loadChecked(memoryFiles(files), TODAY);
      return problems.filter(({ code }) => code === 'no-capacity').map(({ message }) => message);
    };
    expect(most(LINK)).toEqual([]);
    const large = LINK.replace('flavor: small', 'flavor: large');
    expect(most(`${large}discovery: { servers: 5 }\n`).join()).toMatch(/of the link among them/);
  });
});
