import { describe, expect, it } from 'vitest';
import { sweepProject } from '../../../lib/dev/execute-sweep.ts';
import { OpenStackClient } from '../../../lib/openstack-api/client.ts';
import { Credentials } from '../../../lib/openstack-api/credentials.ts';
import type { Transport } from '../../../lib/openstack-api/http.ts';
import { OpenStackCloud } from '../../../lib/openstack-api/openstack-cloud.ts';

type Thing = Readonly<Record<string, unknown>>;

/** Bases of the services, as catalogues have them: with the version, and with the token's project where the service wants it. */
const BASES: Record<string, string> = {
  network: '/network',
  orchestration: '/heat/v1/PROJECT',
  'container-infra': '/magnum/v1',
  database: '/trove/v1.0/PROJECT',
  sharev2: '/manila/v2',
  'object-store': '/swift/v1/AUTH_PROJECT',
};

/**
 * A cloud with services that the lab lacks, after their API documentation: collections by path and key, of which a token of project
 * `mine` sees its own. What another thing names in `uses` answers 409 to a deletion.
 */
function cloudWith(collections: Record<string, { readonly key: string; things: Thing[] }>, extensions: string[]) {
  const deleted: string[] = [];
  const world = { isProjectGone: false };
  const all = (): Thing[] => Object.values(collections).flatMap(({ things }) => things);
  const answer = (method: string, path: string, search: string, project: string): [number, unknown] => {
    if (path === '/network/v2.0/extensions') return [200, { extensions: extensions.map((alias) => ({ alias })) }];
    if (path === '/v3/projects/mine' && !world.isProjectGone)
      return [200, { project: { id: 'mine', name: 'dev-x', enabled: true, description: '' } }];
    if (path === '/v3/projects/mine' && method === 'GET') return [404, {}];
    if (path === '/v3/roles') return [200, { roles: [{ id: 'r', name: 'admin' }] }];
    if (path.startsWith('/v3/') && method === 'PUT') return [204, undefined];
    if (path.startsWith('/v3/')) return [200, { role_assignments: [], application_credentials: [], trusts: [] }];
    const found = collections[path];
    if (found !== undefined && method === 'GET') {
      // The administrator sees all projects' unless it asks for one.
      const asked = new URLSearchParams(search).get('project_id') ?? (project === 'admin' ? undefined : project);
      const things = found.things.filter((each) => asked === undefined || (each['project_id'] ?? 'mine') === asked);
      return [200, found.key === '' ? things : { [found.key]: things }];
    }
    for (const [collection, { things }] of Object.entries(collections)) {
      const own = things.find((each) => `${collection}/${String(each['path'])}` === path);
      if (own === undefined || method !== 'DELETE') continue;
      if (all().some((each) => [each['uses']].flat().includes(own['path']))) return [409, { message: 'in use' }];
      deleted.push(path);
      collections[collection]!.things = things.filter((each) => each !== own);
      return [204, undefined];
    }
    return [404, {}];
  };
  const transport: Transport = (url, init) => {
    const { pathname, search } = new URL(url);
    const headers = new Headers(init.headers);
    if (pathname === '/v3/auth/tokens' && JSON.stringify(init.body).includes('mine') && world.isProjectGone)
      return Promise.resolve({ status: 401, headers: new Headers(), text: async () => '{}' });
    if (pathname === '/v3/auth/tokens') {
      const scope = JSON.stringify(init.body).includes('mine') ? 'mine' : 'admin';
      const endpoint = (path: string) => [
        { interface: 'public', region_id: 'R', url: `http://cloud${path.replace('PROJECT', scope)}` },
      ];
      const token = {
        ...{ expires_at: '2999-01-01T00:00:00Z', user: { id: 'u', name: 'admin' } },
        ...{ project: { id: scope, name: scope }, roles: [{ name: 'admin' }] },
        catalog: Object.entries(BASES).map(([type, path]) => ({ type, endpoints: endpoint(path) })),
      };
      const text = JSON.stringify({ token });
      return Promise.resolve({
        status: 201,
        headers: new Headers({ 'x-subject-token': scope }),
        text: async () => text,
      });
    }
    const [status, body] = answer(init.method ?? 'GET', pathname, search, headers.get('x-auth-token') ?? '');
    const text = async () => (body === undefined ? '' : JSON.stringify(body));
    return Promise.resolve({ status, headers: new Headers(), text });
  };
  const auth = { auth_url: 'http://cloud/v3', username: 'admin', password: 'x', project_name: 'admin' };
  const credentials = Credentials.from({ auth });
  if (typeof credentials === 'string') throw new Error(credentials);
  const access = { entry: 'x', file: '', credentials, region: 'R', interface: 'public', caFile: undefined } as const;
  const client = OpenStackClient.open(access, { cloud: 'x', transport });
  return { cloud: new OpenStackCloud(client, { name: 'x', entry: 'x' }), deleted, collections, world };
}

let milliseconds = 0;
const clock = {
  now: () => new Date(milliseconds),
  monotonic: () => milliseconds,
  sleep: (some: number) => {
    milliseconds += some;
    return Promise.resolve();
  },
};
const sweep = (cloud: OpenStackCloud) =>
  sweepProject(cloud, 'mine', { clock, signal: new AbortController().signal, environment: 'x' });

describe('services that tell a project’s things to that project alone', () => {
  it('are asked as the project, and give up everything; what makes others goes first', async () => {
    const { cloud, deleted } = cloudWith(
      {
        '/heat/v1/mine/stacks': { key: 'stacks', things: [{ id: 's', stack_name: 'app', path: 'app/s' }] },
        '/heat/v1/admin/stacks': { key: 'stacks', things: [{ id: 'theirs', stack_name: 't', path: 't/theirs' }] },
        '/magnum/v1/clusters': {
          key: 'clusters',
          things: [{ uuid: 'c', name: 'k', project_id: 'mine', cluster_template_id: 't', uses: ['t'], path: 'c' }],
        },
        '/magnum/v1/clustertemplates': {
          key: 'clustertemplates',
          // A public one of another project is listed as well.
          things: [{ uuid: 't', project_id: 'mine', path: 't' }],
        },
        '/trove/v1.0/mine/instances': { key: 'instances', things: [{ id: 'i', path: 'i' }] },
        '/manila/v2/snapshots/detail': {
          key: 'snapshots',
          things: [{ id: 'sn', project_id: 'mine', share_id: 'sh', size: 5, uses: ['sh'] }],
        },
        '/manila/v2/shares/detail': { key: 'shares', things: [{ id: 'sh', project_id: 'mine', size: 5 }] },
        '/manila/v2/snapshots': { key: 'x', things: [{ path: 'sn' }] },
        '/manila/v2/shares': { key: 'x', things: [{ path: 'sh' }] },
        '/swift/v1/AUTH_mine': { key: '', things: [{ name: 'a b', bytes: 3 * 1024 ** 3, path: 'a%20b' }] },
        '/swift/v1/AUTH_mine/a%20b': { key: '', things: [{ name: 'x/y', path: 'x%2Fy' }] },
      },
      [],
    );
    const contents = await cloud.contents('mine');
    expect(contents.map(({ kind, id, sizeGiB }) => [kind, id, sizeGiB])).toEqual(
      expect.arrayContaining([
        ['orchestration-stack', 's', 0],
        ['container-cluster', 'c', 0],
        ['share-snapshot', 'sn', 5],
        ['object-container', 'a b', 3],
      ]),
    );
    for (const each of contents.filter(({ kind }) => kind !== 'share' && kind !== 'share-snapshot'))
      await cloud.remove(each).catch(() => undefined);
    expect(deleted).toEqual(
      expect.arrayContaining([
        '/heat/v1/mine/stacks/app/s',
        '/trove/v1.0/mine/instances/i',
        '/swift/v1/AUTH_mine/a%20b/x%2Fy',
        '/swift/v1/AUTH_mine/a%20b',
      ]),
    );
    expect(deleted.join()).not.toContain('theirs');
  });
});

it('is not entered any more once the project is gone, by whoever was inside before', async () => {
  const { cloud, world } = cloudWith({ '/heat/v1/mine/stacks': { key: 'stacks', things: [{ id: 's' }] } }, []);
  expect(await cloud.contents('mine')).toHaveLength(1);
  world.isProjectGone = true;
  expect(await cloud.contents('mine')).toEqual([]);
});

describe('extensions of Neutron that the lab lacks', () => {
  const at = (path: string, key: string, ...things: Thing[]) => ({
    [`/network/v2.0/${path}`]: {
      key,
      things: things.map((each) => ({ project_id: 'mine', path: each['id'], ...each })),
    },
  });
  const collections = () => ({
    ...at('fwaas/firewall_groups', 'firewall_groups', { id: 'fg', ingress_firewall_policy_id: 'fp', uses: ['fp'] }),
    ...at('fwaas/firewall_policies', 'firewall_policies', { id: 'fp', firewall_rules: ['fr'], uses: ['fr'] }),
    ...at('fwaas/firewall_rules', 'firewall_rules', { id: 'fr' }, { id: 'foreign', project_id: 'yours' }),
    ...at('sfc/port_chains', 'port_chains', { id: 'pc', port_pair_groups: ['pg'], uses: ['pg'] }),
    ...at('sfc/port_pair_groups', 'port_pair_groups', { id: 'pg', port_pairs: ['pp'], uses: ['pp'] }),
    ...at('sfc/port_pairs', 'port_pairs', { id: 'pp', ingress: 'p', egress: 'p', uses: ['p'] }),
    ...at('ports', 'ports', { id: 'p', network_id: 'n', uses: ['n'] }),
    ...at('networks', 'networks', { id: 'n' }),
    ...at('bgp-speakers', 'bgp_speakers', { id: 'bs', peers: ['bp'], uses: ['bp'] }),
    ...at('bgp-peers', 'bgp_peers', { id: 'bp' }),
    ...at('local_ips', 'local_ips', { id: 'li', network_id: 'n', uses: ['n'] }),
    ...at('local_ips/li/port_associations', 'port_associations', {
      ...{ fixed_port_id: 'p', local_ip_id: 'li', path: 'p', id: undefined, uses: ['li'] },
    }),
    ...at('log/logs', 'logs', { id: 'l', target_id: 'p', uses: ['p'] }),
    ...at('taas/tap_flows', 'tap_flows', { id: 'tf', tap_service_id: 'ts', source_port: 'p', uses: ['ts', 'p'] }),
    ...at('taas/tap_services', 'tap_services', { id: 'ts', port_id: 'p', uses: ['p'] }),
    ...at('metering/metering-labels', 'metering_labels', { id: 'ml' }),
  });
  const offered = ['fwaas_v2', 'sfc', 'bgp', 'local_ip', 'logging', 'taas', 'metering'];

  it('are swept where they are offered, users first, and nothing of another project', async () => {
    const world = cloudWith(collections(), offered);
    const removed = await sweep(world.cloud);
    expect(removed.map(({ id }) => id).sort()).toEqual(
      ['fg', 'fp', 'fr', 'pc', 'pg', 'pp', 'p', 'n', 'bs', 'bp', 'li', 'p', 'l', 'tf', 'ts', 'ml'].sort(),
    );
    const left = Object.values(world.collections).flatMap(({ things }) => things.map((each) => each['id']));
    expect(left).toEqual(['foreign']);
  });

  it('are not asked for where they are not', async () => {
    const world = cloudWith(collections(), ['sfc']);
    const kinds = new Set((await world.cloud.contents('mine')).map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['port-chain', 'port-pair-group', 'port-pair', 'port', 'network']));
  });
});
