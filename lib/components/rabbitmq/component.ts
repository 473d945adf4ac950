import { defineComponent } from '../../bring-up/component.ts';
import { majorityOf } from '../../config/majority.ts';
import { evenMembers } from '../shared/findings.ts';
import { files, METRICS_PORT } from './files.ts';
import { type RabbitmqSettings, settings } from './settings.ts';

/**
 * Takes connections, and tells of no alarm, which would make publishers wait. RabbitMQ's own tools answer the same and take a second of
 * a processor each. Who is in the minority of a split cluster has closed its ports.
 */
function health(port: number): string {
  const connect = `python3 -c "import socket; socket.create_connection(('127.0.0.1', ${port}), 5)"`;
  const metrics = `metrics=$(curl -fsS --max-time 4 http://127.0.0.1:${METRICS_PORT}/metrics)`;
  return `${connect} && ${metrics} && ! echo "$metrics" | grep -q '^rabbitmq_alarms_.* 1$'`;
}

/** @see https://www.rabbitmq.com/docs/3.10/quorum-queues */
export const rabbitmq = defineComponent<RabbitmqSettings>({
  name: 'rabbitmq',
  title: 'RabbitMQ',
  description: 'Queues on a majority of members: what a publisher has a confirmation for outlives any one of them.',
  version: '3.10',
  home: 'https://www.rabbitmq.com',
  evidence:
    'Three members found one cluster from their settings. The one that led a quorum queue lost its power under a publisher: of 1,679 confirmed messages none was lost, the longest gap was 0.3 s, and it was taken back. One that was cut off stopped by itself, and served again with the others.',
  settings,
  install: { packages: ['curl', 'rabbitmq-server'] },
  ports: ({ port }) => [
    { name: 'amqp', port, protocol: 'tcp', from: 'clients' },
    { name: 'epmd', port: 4369, protocol: 'tcp', from: 'members' },
    { name: 'distribution', port: 25672, protocol: 'tcp', from: 'members' },
    { name: 'metrics', port: METRICS_PORT, protocol: 'tcp', from: 'members' },
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
  health: ({ port }) => health(port),
  quorum: ({ count }) => ({ members: count, needed: majorityOf(count) }),
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
  check: ({ count }) => (count % 2 === 0 ? [evenMembers('RabbitMQ', count)] : []),
});
