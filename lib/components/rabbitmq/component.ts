import { defineComponent, type Finding, type TierInputs } from '../../bring-up/component.ts';
import { files } from './files.ts';
import { type RabbitmqSettings, settings } from './settings.ts';

/** @see https://www.rabbitmq.com/docs/3.10/quorum-queues */
export const rabbitmq = defineComponent<RabbitmqSettings>({
  name: 'rabbitmq',
  title: 'RabbitMQ',
  description: 'Queues on a majority of members: what a publisher has a confirmation for outlives any one of them.',
  version: '3.10',
  home: 'https://www.rabbitmq.com',
  settings,
  install: { packages: ['rabbitmq-server'] },
  ports: ({ port }) => [
    { name: 'amqp', port, protocol: 'tcp', from: 'clients' },
    { name: 'epmd', port: 4369, protocol: 'tcp', from: 'members' },
    { name: 'distribution', port: 25672, protocol: 'tcp', from: 'members' },
    { name: 'metrics', port: 15692, protocol: 'tcp', from: 'members' },
  ],
  peers: (_, tier) => [tier],
  values: ({ settings: { memoryPercent, diskFreeGiB, deliveryLimit, netTickSeconds } }) => ({
    'memory-watermark': memoryPercent / 100,
    'disk-free': `${diskFreeGiB}GiB`,
    'delivery-limit': deliveryLimit,
    'net-tick-seconds': netTickSeconds,
  }),
  files,
  units: () => ['rabbitmq-server.service'],
  // Not running is also what the minority of a split cluster says.
  health: () => 'rabbitmq-diagnostics -q check_running && rabbitmq-diagnostics -q check_local_alarms',
  quorum: ({ count }) => ({ members: count, needed: Math.floor(count / 2) + 1 }),
  // The folder above it has the cookie, which belongs to the server and not to its data.
  data: [{ path: '/var/lib/rabbitmq/mnesia', owner: 'rabbitmq:rabbitmq' }],
  hooks: {
    // Waits until every queue keeps its majority without this member, then hands over what it leads.
    drain: 'rabbitmq-upgrade -q await_online_quorum_plus_one -t 120 && rabbitmq-upgrade -q drain',
    backup: 'umask 077 && rabbitmqctl -q export_definitions - --format json > "$BACKUP_DIRECTORY/definitions.json"',
  },
  secrets: [
    { name: 'cookie', kind: 'password' },
    { name: 'password', kind: 'password' },
  ],
  check,
});

function check({ count }: TierInputs<RabbitmqSettings>): readonly Finding[] {
  if (count % 2 === 0) {
    return [
      {
        at: ['count'],
        code: 'quorum-even',
        message: `got ${count}; ${count} members survive the loss of ${count / 2 - 1}, as ${count - 1} do, and an even split stops both halves`,
        fix: `use ${count - 1} or ${count + 1}`,
      },
    ];
  }
  return [];
}
