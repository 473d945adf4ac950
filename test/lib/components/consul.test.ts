import { describe, expect, test } from 'vitest';
import type { TierSoftware } from '../../../lib/bring-up/tier-software.ts';
import { secretsOf } from '../../../lib/components/boot-secrets.ts';
import { consul } from '../../../lib/components/consul/component.ts';
import { consulAgent } from '../../../lib/components/consul-agent/component.ts';
import { fileOf, tierInputs } from './tier-inputs.ts';

const servers = (settings: object = {}, count = 3) => tierInputs(consul, settings, { count });
const agents = (settings: object = {}, runs: object = { discovery: { consul: {} } }) => ({
  ...tierInputs(consulAgent, { servers: { tier: 'discovery' }, ...settings }),
  runs: runs as Readonly<Record<string, Readonly<Record<string, object>>>>,
});

describe("Consul's servers", () => {
  test('ask all servers of their tier, and elect the first leader when all are there', () => {
    const join = fileOf(consul, servers(), '/etc/consul.d/join.hcl');
    expect(join).toContain('retry_join = [@{peers|store|*|, |"{address}"}]');
    expect(join).toContain('bootstrap_expect = @{value servers}');
    expect(consul.values(servers())).toMatchObject({ servers: 3, 'raft-multiplier': 1, wan: '[]' });
  });

  test('keep the gossip key where nobody else reads it', () => {
    const file = consul.files(servers()).find(({ content }) => content.includes('@{secret gossip-key}'));
    expect(file).toMatchObject({ mode: '0640', owner: 'consul:consul' });
  });

  test('another count of servers, and servers of another data centre, restart nobody', () => {
    const joined = servers({ wan: ['192.0.2.1', '192.0.2.2'] }, 5);
    expect(consul.files(joined)).toEqual(consul.files(servers()));
    expect(consul.values(joined)).toMatchObject({ servers: 5, wan: '["192.0.2.1","192.0.2.2"]' });
    expect(consul.files(joined).find(({ path }) => path.endsWith('join.hcl'))?.onChange).toBe('none');
  });

  test('answer another data centre only where one is named', () => {
    const open = (wan: string[]) =>
      consul.ports(servers({ wan }).settings).filter(({ port, from }) => port === 8302 && from === 'clients').length;
    expect([open([]), open(['192.0.2.1'])]).toEqual([0, 2]);
  });

  test('fails for another data centre without one trust', () => {
    const codes = (settings: object) => consul.check?.(servers(settings)).map(({ code }) => code);
    expect(codes({ wan: ['192.0.2.1'] })).toEqual(['wan-without-trust']);
    expect(codes({ wan: ['192.0.2.1'], trust: 'shared' })).toEqual([]);
  });

  test.each([
    [2, 'even-members', 'use 1 or 3'],
    [4, 'even-members', 'use 3 or 5'],
    [9, 'too-many-members', 'use 3 or 5; more servers run consul-agent'],
  ])('fails for %i servers', (count, code, fix) => {
    expect(consul.check?.(servers({}, count))).toMatchObject([{ at: ['count'], code, fix }]);
  });

  test('three and five of them survive one and two losses', () => {
    expect([3, 5].map((count) => consul.quorum?.(servers({}, count))?.needed)).toEqual([2, 3]);
    expect(consul.check?.(servers({}, 5))).toEqual([]);
  });
});

describe('agents of Consul', () => {
  test('register services with a check of port or page', () => {
    const services = fileOf(
      consulAgent,
      agents({
        services: [
          { name: 'web', port: 80, tags: ['blue'], check: { path: '/health', intervalSeconds: 4 } },
          { name: 'db', port: 5432 },
        ],
      }),
      '/etc/consul.d/services.hcl',
    );
    expect(services).toContain('http = "http://@{address}:80/health"\n    interval = "4s"\n    timeout = "2s"');
    expect(services).toContain('tcp = "@{address}:5432"\n    interval = "2s"');
    expect(services).toContain('tags = ["blue"]');
  });

  test('gossip with the key of the servers', () => {
    expect(consulAgent.secrets).toContainEqual({ name: 'gossip-key', kind: 'key32', of: 'consul' });
  });

  test('are of the authority of their servers, with no name of one', () => {
    const of = (settings: object) => {
      const consulRun = { component: consul, settings: servers(settings).settings };
      const agent = agents({}, { discovery: { consul: settings } });
      const runs = [consulRun, { component: consulAgent, settings: agent.settings }] as TierSoftware['runs'];
      return secretsOf({ runs, inputs: agent });
    };
    expect(of({})['consul']?.['tls']).toEqual({
      ...{ of: 'consul', kind: 'certificate', names: ['server.alice.consul', 'localhost'] },
    });
    expect(of({})['consul-agent']?.['tls']).toEqual({
      ...{ of: 'consul', kind: 'certificate', names: ['client.alice.consul'] },
    });
    const joined = of({ datacenter: 'paris', trust: 'shared' });
    expect(joined['consul']?.['tls']).toMatchObject({ trust: 'shared', names: ['server.paris.consul', 'localhost'] });
    expect(joined['consul-agent']?.['gossip-key']).toMatchObject({ trust: 'shared', of: 'consul' });
    expect(joined['consul-agent']?.['tls']).toMatchObject({ trust: 'shared', names: ['client.paris.consul'] });
  });

  test('are in the data centre of their servers', () => {
    const of = (runs: object, settings = {}) => fileOf(consulAgent, agents(settings, runs), '/etc/consul.d/consul.hcl');
    expect(of({ discovery: { consul: { datacenter: 'paris' } } })).toContain('datacenter = "paris"');
    expect(of({ discovery: { consul: {} } })).toContain('datacenter = "alice"');
    expect(of({ discovery: { consul: {} } }, { datacenter: 'rome' })).toContain('datacenter = "rome"');
  });

  test('of a link join its servers, by a value that may change while they run', () => {
    const discovery = (addresses: string[]) => ({
      ...{ cloud: { datacenter: 'paris', addresses, flavor: 'small' }, trust: 'link-main', servers: 3 },
      environment: { datacenter: 'prod', instanceType: 't3.small' },
    });
    const joined = (addresses: string[]) => ({
      ...tierInputs(consulAgent, { servers: 'link' }),
      discovery: discovery(addresses),
    });
    const [three, five] = [joined(['10.9.0.9', '10.9.0.10']), joined(['10.9.0.9', '10.9.0.10', '10.9.0.11'])];
    expect(fileOf(consulAgent, three, '/etc/consul.d/join.hcl')).toContain('retry_join = @{value servers}\n');
    expect(consulAgent.values(three)).toEqual({ servers: '["10.9.0.9","10.9.0.10"]' });
    expect(consulAgent.files(five)).toEqual(consulAgent.files(three));
    expect(fileOf(consulAgent, three, '/etc/consul.d/consul.hcl')).toContain('datacenter = "paris"');
    const runs = [{ component: consulAgent, settings: three.settings }] as unknown as TierSoftware['runs'];
    expect(secretsOf({ runs, inputs: three })['consul-agent']).toEqual({
      'gossip-key': { of: 'consul', kind: 'key32', trust: 'link-main' },
      tls: { of: 'consul', kind: 'certificate', trust: 'link-main', names: ['client.paris.consul'] },
    });
    expect(consulAgent.peers(three.settings, 'store')).toEqual([]);
    expect(consulAgent.check?.(three)).toEqual([]);
  });

  test('fails beside a server of Consul, and for a tier without servers', () => {
    const codes = (runs: object) => consulAgent.check?.(agents({}, runs)).map(({ code }) => code);
    expect(codes({ discovery: { consul: {} } })).toEqual([]);
    expect(codes({ discovery: {} })).toEqual(['component-not-there']);
    expect(codes({ discovery: { consul: {} }, store: { consul: {} } })).toEqual(['component-twice']);
  });
});
