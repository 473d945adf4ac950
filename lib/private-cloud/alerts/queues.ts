import { majorityOf } from '../../config/majority.ts';
import { type Alert, countOf, longestGap, nextLoss, sizeOf, type Watched, without } from './alert.ts';

/** RabbitMQ: brokers, and the members of each queue and each stream, which are not the brokers'. */
export function queueAlerts(watched: Watched): Alert[] {
  const brokers = sizeOf(watched, 'rabbitmq');
  const look = `tandem cloud status ${watched.name}`;
  const blocked: Alert = {
    name: 'BrokerBlocksPublishers',
    expr: 'rabbitmq_alarms_memory_used_watermark == 1 or rabbitmq_alarms_free_disk_space_watermark == 1',
    forMinutes: 1,
    severity: 'critical',
    summary: 'RabbitMQ on {{ $labels.instance }} is short of memory or disk, and every broker refuses messages.',
    prediction: `as if it were down: ${without(watched, 'rabbitmq')}`,
    runbook: `tandem cloud simulate-failure ${watched.name} --off {{ $labels.instance }}`,
  };
  const down: Alert = {
    name: 'BrokersWithoutMajority',
    expr: `${countOf('rabbitmq_identity_info{job="rabbitmq"}')} < ${majorityOf(brokers)}`,
    forMinutes: 1,
    severity: 'critical',
    summary: `RabbitMQ answers on {{ $value }} of ${brokers} brokers, no majority.`,
    prediction: without(watched, 'rabbitmq'),
    runbook: look,
  };
  if (brokers < 2) return [blocked, down];
  const replicas = Math.min(3, brokers);
  return [
    blocked,
    down,
    {
      name: 'BrokerLost',
      expr: `${countOf('rabbitmq_identity_info{job="rabbitmq"}')} < ${brokers}`,
      forMinutes: 2,
      severity: 'warning',
      summary: `RabbitMQ answers on {{ $value }} of ${brokers} brokers.`,
      prediction: `${nextLoss(brokers)}; queues that it led answer again within ${longestGap(watched, 'rabbitmq')} s`,
      runbook: look,
    },
    {
      name: 'BrokersApart',
      expr: 'count(count by (rabbitmq_cluster_permanent_id) (rabbitmq_identity_info{job="rabbitmq"})) > 1',
      forMinutes: 1,
      severity: 'critical',
      summary: 'Brokers of RabbitMQ belong to {{ $value }} clusters.',
      prediction:
        'never by a failure alone: a broker was started without the others, and each side has queues of its own',
      runbook: look,
    },
    {
      name: 'QueueMembersMissing',
      expr: `count(count by (vhost, queue) (rabbitmq_detailed_queue_info{queue_type="rabbit_quorum_queue"}) < ${replicas}) > 0`,
      forMinutes: 10,
      severity: 'warning',
      summary: `{{ $value }} quorum queues have fewer than ${replicas} running members.`,
      prediction: `each has ${replicas} members, however many brokers there are: with ${Math.floor((replicas - 1) / 2)} lost, one more stops the queue while all other brokers run`,
      runbook: look,
    },
    {
      name: 'QueuesWithoutMajority',
      expr: `count(count by (vhost, queue) (rabbitmq_detailed_queue_info{queue_type="rabbit_quorum_queue"}) < ${majorityOf(replicas)}) > 0`,
      forMinutes: 1,
      severity: 'critical',
      summary: '{{ $value }} quorum queues have lost their majority.',
      prediction: `who waits for an answer from one of them gets none: ${without(watched, 'rabbitmq')}`,
      runbook: look,
    },
    {
      name: 'StreamReplicasMissing',
      expr: `count(count by (vhost, queue) (rabbitmq_detailed_queue_info{queue_type="rabbit_stream_queue"}) < ${brokers}) > 0`,
      forMinutes: 10,
      severity: 'warning',
      summary: `{{ $value }} streams have fewer than ${brokers} running replicas.`,
      prediction:
        'fan-out goes over streams: a consumer whose broker has no replica is refused (404 or 406) once the others are gone',
      runbook: look,
    },
  ];
}
