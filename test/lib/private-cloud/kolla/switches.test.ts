import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { diffKolla, placementOf, switchesOf } from '../../../../lib/engines/kolla/difference.ts';
import { RELEASE_TAGS } from '../../../../lib/private-cloud/kolla/release.ts';
import { renderTree } from '../../../../lib/private-cloud/kolla/render.ts';
import { argumentsOf, updateSteps } from '../../../../lib/private-cloud/kolla/steps.ts';
import { cloudOf } from './layouts.ts';

type Kolla = NonNullable<Cloud['kolla']>;

function treeWith(services: Kolla['services'], globals: Kolla['globals'] = {}) {
  const cloud = cloudOf('separated');
  return renderTree('cloud', { ...cloud, kolla: { ...(cloud.kolla as Kolla), services, globals } }).files;
}

function change(before: Record<string, string>, after: Record<string, string>) {
  const changes = diffKolla(JSON.stringify(before), JSON.stringify(after));
  const restarts = changes.flatMap((each) => each.restarts);
  return { changes, restarts, steps: updateSteps(restarts, placementOf(after), switchesOf(before, after)) };
}

const CONTROLLERS = ['control-a-1', 'control-b-1', 'control-c-1'];

describe('a service that is switched on', () => {
  const { changes, restarts, steps } = change(treeWith([]), treeWith(['heat']));
  const keys = steps.map(({ key }) => key);

  it('is told with its hosts, and is none that restarts', () => {
    const globals = changes.find(({ address }) => address === 'globals.yml');
    expect(globals?.reasons).toEqual([`deploys heat-api, heat-api-cfn, heat-engine (${CONTROLLERS.join(', ')})`]);
    expect(restarts.filter((each) => each.startsWith('heat-'))).toEqual([]);
    expect(restarts).toContain('horizon@control-a-1');
    expect(restarts).toContain('haproxy@balancer-a-1');
    expect(restarts).toContain('fluentd@database-a-1');
    expect(restarts.filter((each) => each.startsWith('mariadb@'))).toEqual([]);
  });

  it('is deployed behind balancers that know it, before those that show it', () => {
    expect(keys[0]).toBe('prechecks');
    expect(steps[0]?.tags).toContain('heat');
    const order = ['reconfigure loadbalancer', 'deploy heat', 'reconfigure horizon on control-a-1'].map((key) =>
      keys.indexOf(key),
    );
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
    expect(steps.find(({ verb }) => verb === 'deploy')).toMatchObject({ tags: ['heat'], limit: CONTROLLERS });
  });

  it('comes with what it brings along, each by its own tag', () => {
    const more = change(treeWith([]), treeWith(['masakari', 'ironic', 'central-logging', 'barbican', 'manila'])).steps;
    const deployed = more.filter(({ verb }) => verb === 'deploy').flatMap(({ tags }) => tags);
    for (const tag of ['masakari', 'hacluster', 'ironic', 'opensearch', 'barbican', 'manila', 'nova-cell'])
      expect(deployed).toContain(tag);
    expect(more.flatMap(({ tags }) => tags).filter((tag) => !RELEASE_TAGS.has(tag))).toEqual([]);
  });

  it('may be one of Kolla’s that Tandem has no word for', () => {
    const { steps: own } = change(treeWith([]), treeWith([], { enable_multipathd: true }));
    expect(own.filter(({ verb }) => verb === 'deploy').map(({ key }) => key)).toEqual(['deploy multipathd']);
  });
});

describe('a service that is switched off', () => {
  const { changes, steps } = change(treeWith(['heat', 'barbican']), treeWith(['barbican']));

  it('is told with what is kept of it', () => {
    const [reason = ''] = changes.find(({ address }) => address === 'globals.yml')?.reasons ?? [];
    expect(reason).toContain(
      `stops heat-api, heat-api-cfn, heat-engine (${CONTROLLERS.join(', ')}); kept are their databases`,
    );
  });

  it('is stopped last, with its switch as it was: Kolla passes by what is off', () => {
    const last = steps.at(-1);
    expect(last).toMatchObject({ key: 'stop heat', tags: ['heat'], limit: CONTROLLERS });
    expect(last?.disabled).toEqual(['heat_api', 'heat_api_cfn', 'heat_engine']);
    const args = last === undefined ? [] : argumentsOf(last, '/tree');
    expect(args).toContain('--yes-i-really-really-mean-it');
    expect(JSON.parse(args[args.indexOf('--extra-vars') + 1] ?? '')).toEqual({
      enable_heat: true,
      skip_stop_containers: [],
    });
  });

  it('leaves the rest of its role alone', () => {
    const { steps: own } = change(treeWith([]), treeWith([], { enable_prometheus_cadvisor: false }));
    const stop = own.at(-1);
    expect(stop?.key).toBe('stop prometheus-node-exporters');
    expect(stop?.variables).toMatchObject({ skip_stop_containers: ['prometheus_node_exporter'] });
    expect(stop?.disabled).toEqual(['prometheus_cadvisor']);
    expect(stop?.variables?.['enable_prometheus_cadvisor']).toBe('{{ enable_prometheus | bool }}');
  });
});
