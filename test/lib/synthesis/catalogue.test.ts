import { expect, it } from 'vitest';
import { directoryFiles } from '../../../lib/config/files.ts';
import { loadProject } from '../../../lib/config/load.ts';
import { blueprintOf, cloudOf, type Project } from '../../../lib/config/project.ts';
import { stacksOf } from '../../../lib/synthesis/catalogue.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';

it('every stack of the configuration says where it goes, in the words of its engine', () => {
  const { root: _none, ...project } = loadProject(directoryFiles(CODE_ROOT)).project as Project;
  const targets = new Map(stacksOf(project).map(({ id, target }) => [id, target]));
  const aws = { account: '222233334444', region: 'eu-west-3', role: 'tandem-deploy' };
  const paris = { endpoint: 'https://paris.acme.example.org:5000/v3', region: 'RegionOne', credentials: 'paris' };
  expect(targets.get('aws/staging/network')).toEqual(aws);
  expect(targets.get('aws/staging/cluster')).toEqual(aws);
  expect(targets.get('openstack/paris/base')).toEqual({ ...paris, project: 'admin' });
  expect(targets.get('openstack/paris/dev/anna')).toEqual({ ...paris, domain: 'Default', project: 'dev-anna' });
  expect(targets.get('kolla/paris')).toEqual({ login: 'kolla', secrets: expect.stringMatching(/^\//) });
  expect([...targets.values()].every((target) => Object.keys(target).length > 0)).toBe(true);
});

it('a lease counts as the work that its servers are', () => {
  const { root: _none, ...project } = loadProject(directoryFiles(CODE_ROOT)).project as Project;
  const sizes = new Map(stacksOf(project).map(({ id, size }) => [id, size]));
  const servers = ({ name }: { readonly name: string }): number => {
    const lease = project.leases.get(name);
    const blueprint = lease === undefined ? undefined : blueprintOf(project, lease);
    return Object.entries(blueprint?.value.tiers ?? {})
      .map(([tier, { count }]) => lease?.value.tiers[tier]?.count ?? count)
      .reduce((sum, count) => sum + count, 0);
  };
  const large = [...project.leases.values()].filter((lease) => servers(lease) > 10);
  expect(large).not.toEqual([]);
  for (const lease of large)
    expect(sizes.get(`openstack/${cloudOf(project, lease)}/dev/${lease.name}`)).toBe(servers(lease) / 10);
});
