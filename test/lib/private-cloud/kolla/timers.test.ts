import { describe, expect, it } from 'vitest';
import { type Cloud, cloudSchema } from '../../../../lib/config/schema/cloud.ts';
import { timers as schema } from '../../../../lib/config/schema/cloud-timers.ts';
import { TIMER_ORDERS } from '../../../../lib/config/timer-orders.ts';
import { TIMERS, type Timer } from '../../../../lib/config/timers.ts';
import { predictGaps } from '../../../../lib/private-cloud/failure/gaps.ts';
import { compile, goneBy } from '../../../../lib/private-cloud/failure/model.ts';
import { renderTree } from '../../../../lib/private-cloud/kolla/render.ts';
import { SHIPPED_TIMERS, timersOf } from '../../../../lib/private-cloud/topology/timers.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { cloudOf } from './layouts.ts';

type Kolla = NonNullable<Cloud['kolla']>;
/** A value that no other time has. */
const ODD = { whole: 7, other: 3.21 };

function withKolla(more: Partial<Kolla>): Cloud {
  const cloud = cloudOf('separated');
  if (cloud.kolla === undefined) throw new Error('no kolla');
  return { ...cloud, kolla: { ...cloud.kolla, ...more } };
}
const render = (more: Partial<Kolla>) => renderTree('cloud', withKolla(more)).files;
/** Lines that are no comments. */
const settings = (files: Readonly<Record<string, string>>) =>
  Object.entries(files).flatMap(([path, text]) =>
    text.split('\n').flatMap((line) => (/^\s*#/.test(line) || path.endsWith('.rules') ? [] : [`${path} ${line}`])),
  );

describe('the failover times of a cloud', () => {
  const named = Object.entries<Timer>(TIMERS);

  it('can all be set but for what Kolla-Ansible has no way to set', () => {
    const settable = Object.keys(schema.shape);
    expect(named.map(([name]) => name).filter((name) => !settable.includes(name))).toEqual(['ovnElection']);
  });

  it.each(named.filter(([, { range }]) => range !== undefined))(
    '%s is rendered, and nothing else changes',
    (name, timer) => {
      const value = timer.isWhole === true ? ODD.whole : ODD.other;
      const before = new Set(settings(render({})));
      const changed = settings(render({ timers: { [name]: value } })).filter((line) => !before.has(line));
      expect(changed.length).toBeGreaterThan(0);
      for (const line of changed)
        expect(line).toMatch(new RegExp(`(?<![\\d.])(?:${value}|${Math.round(value * 1000)})(?!\\d)`));
    },
  );

  it('say in the tree whose they are, and what they cost', () => {
    const text = render({ timers: { vrrpAdvert: 1 } })['config/keepalived/keepalived.conf'];
    expect(text).toContain(
      '# keepalived advert_int 1, by kolla.timers.vrrpAdvert, in place of 0.5: the API is away for 3 to 4 times this',
    );
  });

  it('stand beside what kolla.globals has of the same variables', () => {
    const files = render({
      globals: {
        mariadb_wsrep_extra_provider_options: ['gcache.size=2G', 'pc.recovery=false'],
        rabbitmq_server_additional_erl_args: '+S 4:4',
      },
    });
    const globals = files['globals.yml'] ?? '';
    expect(globals).toMatch(
      /"evs\.suspect_timeout=PT1\.5S".*"gcache\.recover=yes","gcache\.size=2G","pc\.recovery=false"\]/,
    );
    expect(globals).not.toContain('pc.recovery=true');
    expect(globals).toContain('"+S 4:4 -kernel net_ticktime 4 -kernel net_tickintensity 4"');
  });

  it('are followed by what is predicted', () => {
    const longest = (cloud: Cloud) => {
      const model = compile(cloud, topologyOf('cloud', cloud));
      const all = ['balancer-a-1', 'database-a-1', 'queue-a-1', 'ovn-a-1'].flatMap((name) =>
        predictGaps(model, goneBy(model, [{ kind: 'host', name }])),
      );
      return (service: string) => Math.max(...all.flatMap((gap) => (gap.service === service ? [gap.seconds] : [])));
    };
    const [shipped, slow] = [
      longest(withKolla({})),
      longest(withKolla({ timers: { vrrpAdvert: 2, galeraSuspect: 10, netTick: 60, neutronProbe: 60 } })),
    ];
    expect(slow('vip')).toBeCloseTo(shipped('vip') + 3.5 * 1.5, 0);
    for (const service of ['mariadb', 'rabbitmq', 'neutron-server'])
      expect(slow(service), service).toBeGreaterThan(shipped(service) + 5);
  });

  it('are the shipped ones where a cloud has none, and those are in order', () => {
    expect(timersOf(cloudSchema.parse({ ...cloudOf('converged') }))).toEqual(SHIPPED_TIMERS);
    for (const { lower, times, upper } of TIMER_ORDERS)
      expect(TIMERS[lower].value * times, `${lower} and ${upper}`).toBeLessThanOrEqual(TIMERS[upper].value);
  });
});
