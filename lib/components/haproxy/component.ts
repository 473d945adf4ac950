import { z } from 'zod';
import { defineComponent } from '../../bring-up/component.ts';
import { count } from '../../config/schema/common.ts';
import { portsOf, twicePorts } from '../shared/proxied-ports.ts';
import { proxySettings, tiersBehind } from '../shared/proxied-services.ts';
import { configuration, HEALTH_PORT } from './configuration.ts';

const settings = z.strictObject({
  ...proxySettings,
  checkMilliseconds: count(200, 60_000)
    .default(1000)
    .describe(
      'Time between two checks of a server, in milliseconds. Two that fail take it out, two that succeed bring it back.',
    ),
  drainSeconds: count(1, 3600)
    .default(60)
    .describe('How long requests under way may take when the settings change, in seconds.'),
});

export type HaproxySettings = z.infer<typeof settings>;

/** Takes no new connections, and waits up to 20 s for those under way. */
const DRAIN = `socket=/run/haproxy/admin.sock
for frontend in $(echo 'show stat' | socat stdio "$socket" | awk -F, '$2 == "FRONTEND" && $1 != "tandem_health" { print $1 }'); do
  echo "disable frontend $frontend" | socat stdio "$socket" > /dev/null
done
for _ in $(seq 20); do
  [ "$(echo 'show stat' | socat stdio "$socket" | awk -F, '$2 == "FRONTEND" && $1 != "tandem_health" { n += $5 } END { print n + 0 }')" = 0 ] && break
  sleep 1
done`;

/** @see https://docs.haproxy.org/2.6/configuration.html */
export const haproxy = defineComponent<HaproxySettings>({
  name: 'haproxy',
  title: 'HAProxy',
  description: 'Balances over the servers of tiers, asks each whether it is well, and repeats what is safe to repeat.',
  version: '2.6',
  home: 'https://www.haproxy.org',
  evidence:
    'In front of three servers under 50 requests a second, one of them lost its power: none of 600 requests failed, the slowest took 0.2 s, and it was taken back. No request failed while settings changed in place.',
  settings,
  install: { packages: ['curl', 'haproxy', 'socat'] },
  ports: ({ services }) => [
    ...portsOf(services),
    { name: 'metrics', port: HEALTH_PORT, protocol: 'tcp', from: 'members' },
  ],
  peers: ({ services }) => tiersBehind(services),
  values: ({ settings: given }) => ({
    connections: given.maxConnections,
    check: `${given.checkMilliseconds}ms`,
    'server-timeout': `${given.serverTimeoutSeconds}s`,
    drain: `${given.drainSeconds}s`,
  }),
  files: ({ settings: { services } }) => [
    { path: '/etc/haproxy/haproxy.cfg', content: configuration(services), onChange: 'reload' },
    {
      path: '/etc/systemd/system/haproxy.service.d/tandem.conf',
      content:
        '# The socket lies there; Debian makes the folder at the boot only.\n[Service]\nRuntimeDirectory=haproxy\n',
    },
  ],
  units: () => ['haproxy.service'],
  health: () => `curl -fsS -o /dev/null --max-time 5 http://127.0.0.1:${HEALTH_PORT}/alive`,
  data: [],
  hooks: { drain: DRAIN },
  check: ({ settings: { services } }) => twicePorts(services),
});
