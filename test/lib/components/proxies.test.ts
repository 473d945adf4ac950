import { describe, expect, it } from 'vitest';
import type { AnyComponent } from '../../../lib/bring-up/tier-software.ts';
import { haproxy } from '../../../lib/components/haproxy/component.ts';
import { nginx } from '../../../lib/components/nginx/component.ts';
import { brokenPlaceholders, file, findings } from './rendering.ts';
import { tierInputs } from './tier-inputs.ts';

const ROUTED = {
  services: {
    profiles: {
      port: 80,
      to: { tier: 'queries' },
      targetPort: 8080,
      check: '/health',
      routes: [
        { path: '/profiles/seen', methods: ['POST'], to: { tier: 'hot' }, targetPort: 4000 },
        { path: '/v1.0/', to: { tier: 'commands' }, targetPort: 8080 },
      ],
    },
  },
};

const TWICE = {
  services: {
    web: { port: 80, to: { tier: 'web' }, targetPort: 8080 },
    api: { port: 80, to: { tier: 'api' }, targetPort: 8080 },
  },
};

const PROXIES: readonly (readonly [AnyComponent, string])[] = [
  [haproxy, '/etc/haproxy/haproxy.cfg'],
  [nginx, '/etc/nginx/nginx.conf'],
];

describe.each(PROXIES)('$0.name', (proxy, path) => {
  it('knows the servers of every tier that it sends requests to', () => {
    expect(proxy.peers(tierInputs(proxy, ROUTED).settings, 'proxy')).toEqual(['commands', 'hot', 'queries']);
    for (const tier of ['commands', 'hot', 'queries']) expect(file(proxy, path, ROUTED)).toContain(`@{peers|${tier}|`);
  });

  it('opens the port of each service to clients', () => {
    const open = proxy.ports(tierInputs(proxy, ROUTED).settings).filter(({ from }) => from === 'clients');
    expect(open).toEqual([{ name: 'profiles', port: 80, protocol: 'tcp', from: 'clients' }]);
  });

  it('is loaded anew where its servers change, and not started anew', () => {
    const changed = proxy.files(tierInputs(proxy, ROUTED)).find((one) => one.path === path);
    expect(changed?.onChange).toBe('reload');
  });

  it('leaves nothing that a server cannot fill in', () => {
    expect(brokenPlaceholders(proxy, ROUTED)).toEqual([]);
  });

  it('fails with a port that two services ask for, and with no service', () => {
    expect(findings(proxy, TWICE)).toEqual([
      {
        at: ['settings', 'services', 'api', 'port'],
        code: 'proxy-port-twice',
        message: 'got 80; the service web has it',
        fix: 'use a port of its own, or a route of the other service',
      },
    ]);
    expect(findings(proxy, { services: {} }).map(({ code }) => code)).toEqual(['proxy-idle']);
    expect(findings(proxy, ROUTED)).toEqual([]);
  });

  it('fails with a path that is more than one', () => {
    const services = { web: { to: { tier: 'web' }, targetPort: 80, check: '/a { } /b' } };
    expect(proxy.settings.safeParse({ services }).success).toBe(false);
  });
});

it('routes by path and method', () => {
  expect(file(haproxy, '/etc/haproxy/haproxy.cfg', ROUTED)).toContain(
    '    use_backend profiles_1 if { path_beg /profiles/seen } { method POST }\n    use_backend profiles_2 if { path_beg /v1.0/ }\n    default_backend profiles\n',
  );
  expect(file(nginx, '/etc/nginx/nginx.conf', ROUTED)).toContain(
    '        default profiles;\n        "~^(POST) /profiles/seen" profiles_1;\n        "~^[A-Z]+ /v1\\.0/" profiles_2;\n',
  );
});

it('nginx takes no more connections than its processes may have files open', () => {
  const connections = (maxConnections: number) => nginx.settings.safeParse({ ...TWICE, maxConnections }).success;
  expect([65_000, 65_001].map(connections)).toEqual([true, false]);
  expect(haproxy.settings.safeParse({ ...TWICE, maxConnections: 200_000 }).success).toBe(true);
});
