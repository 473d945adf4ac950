import type { MetricDatum } from '../../../lib/aws-model/cloudwatch-types.ts';
import { queues } from '../sqs/store.ts';
import type { Realm } from '../world.ts';

/**
 * What SQS tells CloudWatch of each active queue. One is active for six hours after it held or moved a message
 * (AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html).
 */
export function queueMetrics(realm: Realm): MetricDatum[][] {
  return [...queues(realm).values()].flatMap((queue) => {
    if (!queue.isActive()) return [];
    const { ready, inFlight, delayed } = queue.counts();
    const { sent, received, deleted, empty } = queue.takeMoved();
    const series: Readonly<Record<string, number>> = {
      ApproximateNumberOfMessagesVisible: ready,
      ApproximateNumberOfMessagesNotVisible: inFlight,
      ApproximateNumberOfMessagesDelayed: delayed,
      NumberOfMessagesSent: sent,
      NumberOfMessagesReceived: received,
      NumberOfMessagesDeleted: deleted,
      NumberOfEmptyReceives: empty,
      ApproximateAgeOfOldestMessage: queue.oldestAgeSeconds(),
    };
    const Dimensions = [{ Name: 'QueueName', Value: queue.name }];
    return [Object.entries(series).map(([MetricName, Value]) => ({ MetricName, Dimensions, Value }))];
  });
}
