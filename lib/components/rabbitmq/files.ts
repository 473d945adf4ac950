import type { ComponentFile, TierInputs } from '../../bring-up/component.ts';
import { bare, jsonOf, peers, SELF, secret, value } from '../../bring-up/template.ts';
import type { RabbitmqSettings } from './settings.ts';

/** Metrics in Prometheus' format, which the health command asks too. */
export const METRICS_PORT = 15692;

const OWNER = 'root:rabbitmq';

export function files({ settings, tier }: TierInputs<RabbitmqSettings>): readonly ComponentFile[] {
  return [
    { path: '/etc/rabbitmq/rabbitmq-env.conf', content: environment(), owner: OWNER },
    { path: '/etc/rabbitmq/rabbitmq.conf', content: configuration(settings), owner: OWNER },
    // Who the members are is asked once in a member's life, when it joins: more of them restart nobody.
    { path: '/etc/rabbitmq/conf.d/50-members.conf', content: members(tier), owner: OWNER, onChange: 'none' },
    {
      path: '/etc/rabbitmq/definitions.json',
      content: definitions(settings),
      owner: OWNER,
      mode: '0640',
    },
    { path: '/etc/rabbitmq/enabled_plugins', content: '[rabbitmq_prometheus].\n', owner: OWNER },
    {
      path: '/var/lib/rabbitmq/.erlang.cookie',
      content: secret('cookie'),
      owner: 'rabbitmq:rabbitmq',
      mode: '0400',
    },
  ];
}

/** The name stands in the data, so it must not hang on what the system calls itself today. */
function environment(): string {
  return `NODENAME=rabbit@${SELF.name}\n`;
}

function configuration({ port, user }: RabbitmqSettings): string {
  return `listeners.tcp.default = ${port}
# Metrics, and nothing else, over HTTP.
prometheus.tcp.port = ${METRICS_PORT}

cluster_formation.peer_discovery_backend = classic_config
# Members that start together wait for each other rather than found two clusters.
cluster_formation.internal_lock_retries = 30
# The side without a majority stops: both sides would take writes that the other never sees.
cluster_partition_handling = pause_minority
net_ticktime = ${value('net-tick-seconds')}
queue_leader_locator = balanced

vm_memory_high_watermark.relative = ${value('memory-watermark')}
disk_free_limit.absolute = ${value('disk-free')}

load_definitions = /etc/rabbitmq/definitions.json
loopback_users.${user} = false
log.console = true
log.console.level = info
log.console.use_colors = off
log.file = false
`;
}

function members(tier: string): string {
  const item = 'cluster_formation.classic_config.nodes.{index} = rabbit@{name}';
  return `${peers(tier, { separator: '\n', item })}\n`;
}

/** Quorum queues unless a client asks for another kind; what is wrong with a message ends after some tries. */
function definitions({ user }: RabbitmqSettings): string {
  return jsonOf(
    {
      vhosts: [{ name: '/', default_queue_type: 'quorum', metadata: { default_queue_type: 'quorum', tags: [] } }],
      users: [{ name: user, password: secret('password'), tags: [] }],
      permissions: [{ user, vhost: '/', configure: '.*', write: '.*', read: '.*' }],
      policies: [
        {
          vhost: '/',
          name: 'tandem',
          pattern: '.*',
          'apply-to': 'queues',
          priority: 0,
          definition: { 'delivery-limit': bare(value('delivery-limit')) },
        },
      ],
    },
    2,
  );
}
