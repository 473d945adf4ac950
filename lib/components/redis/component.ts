import { z } from 'zod';
import { defineComponent, type Finding, type TierInputs } from '../../bring-up/component.ts';
import { SELF, secret, value } from '../../bring-up/template.ts';
import { count, port } from '../../config/schema/common.ts';
import { memoryFindings } from '../shared/findings.ts';

const settings = z.strictObject({
  port: port.default(6379).describe('Port for clients.'),
  memoryMiB: count(16, 1_000_000).default(512).describe('Memory for entries, in MiB.'),
  whenFull: z
    .enum(['allkeys-lru', 'allkeys-lfu', 'volatile-ttl', 'noeviction'])
    .default('allkeys-lru')
    .describe(
      'What goes when the memory is full: the least recently or least often used, the next to expire, or nothing (writes fail).',
    ),
  keep: z
    .enum(['nothing', 'second', 'always'])
    .default('nothing')
    .describe(
      'What outlives a restart: nothing, as in a cache; all but the last second of writes; every write that was answered. The files lie on the volume `data`.',
    ),
  maxClients: count(16, 100_000).default(10_000).describe('Connections at once.'),
  password: z
    .boolean()
    .default(false)
    .describe(
      'Whether clients log in, with a password that Tandem makes. The firewall lets in those under `clients` alone either way.',
    ),
});

type Settings = z.infer<typeof settings>;

const OWNER = 'root:redis';
const LOGIN = 'if [ -f /etc/redis/client-environment ]; then . /etc/redis/client-environment; fi;';

/** Members that serve alone. Debian 12 has Redis 7.0, the last line under a BSD licence, and not yet Valkey.
 * @see https://redis.io/docs/latest/operate/oss_and_stack/management/config/ */
export const redis = defineComponent<Settings>({
  name: 'redis',
  title: 'Redis',
  description: 'Cache with data structures; each member serves alone, and keeps what it is told to keep.',
  version: '7.0',
  home: 'https://redis.io',
  evidence:
    'With `keep: always`, every write that was answered outlived a loss of power, a change of its memory was taken in place, and a backup was read.',
  settings,
  install: { packages: ['redis-server'] },
  ports: (given) => [{ name: 'redis', port: given.port, protocol: 'tcp', from: 'clients' }],
  peers: () => [],
  values: ({ settings: { memoryMiB, whenFull, maxClients } }) => ({
    memory: `${memoryMiB}mb`,
    'when-full': whenFull,
    clients: maxClients,
  }),
  files: ({ settings: given }) => [
    { path: '/etc/redis/redis.conf', content: configuration(given), owner: OWNER, mode: '0640' },
    // The password reaches the client by its environment: arguments are for everyone to see.
    ...(given.password
      ? [
          {
            path: '/etc/redis/client-environment',
            content: `export REDISCLI_AUTH=${secret('password')}\n`,
            mode: '0600',
            onChange: 'none' as const,
          },
        ]
      : []),
  ],
  units: () => ['redis-server.service'],
  health: (given) => `${LOGIN} timeout 5 redis-cli -p ${given.port} ping | grep -qx PONG`,
  data: [{ path: '/var/lib/redis', owner: 'redis:redis' }],
  hooks: {
    backup: `${LOGIN} redis-cli -p "$(sed -n 's/^port //p' /etc/redis/redis.conf)" --rdb "$BACKUP_DIRECTORY/dump.rdb"`,
  },
  secrets: [{ name: 'password', kind: 'password' }],
  check,
});

function configuration(given: Settings): string {
  return `bind ${SELF.address} 127.0.0.1
port ${given.port}
${given.password ? `requirepass ${secret('password')}` : 'protected-mode no'}
maxclients ${value('clients')}
maxmemory ${value('memory')}
maxmemory-policy ${value('when-full')}
${kept(given)}
dir /var/lib/redis
pidfile /run/redis/redis-server.pid
tcp-keepalive 60
daemonize no
# The journal of the system keeps what it says.
logfile ""
`;
}

function kept({ keep }: Settings): string {
  if (keep === 'nothing') return 'save ""\nappendonly no';
  return `save ""\nappendonly yes\nappendfsync ${keep === 'always' ? 'always' : 'everysec'}`;
}

/** A rewrite of the file copies what changes meanwhile: half of the memory is for it where anything is kept. */
function check({ settings: { memoryMiB, keep }, flavor }: TierInputs<Settings>): readonly Finding[] {
  const share =
    keep === 'nothing'
      ? { maximumPercent: 75, rest: 'buffers and the system' }
      : { maximumPercent: 50, rest: 'what changes while files are rewritten, and the system' };
  return memoryFindings(memoryMiB, flavor, { setting: 'memoryMiB', ...share });
}
