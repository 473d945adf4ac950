import { type CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Metric, MetricSink } from '../ports.ts';

/** Values and their counts, so that CloudWatch knows percentiles: at most 150 a datum, API_MetricDatum.html */
const MOST_VALUES = 150;

/** Each metric without dimensions, for the cluster, and by `Queue` where it has one. */
export class CloudWatchMetrics implements MetricSink {
  readonly #client: CloudWatchClient;
  readonly #namespace: string;

  constructor(client: CloudWatchClient, namespace: string) {
    this.#client = client;
    this.#namespace = namespace;
  }

  async put(metrics: readonly Metric[]): Promise<void> {
    const MetricData = metrics.flatMap((metric) => {
      const datum = datumOf(metric);
      const { queue } = metric;
      return queue === undefined ? [datum] : [datum, { ...datum, Dimensions: [{ Name: 'Queue', Value: queue }] }];
    });
    await this.#client.send(new PutMetricDataCommand({ Namespace: this.#namespace, MetricData }));
  }
}

function datumOf({ name, unit, values }: Metric) {
  const pairs = [...values].slice(0, MOST_VALUES);
  return {
    MetricName: name,
    Unit: unit,
    Values: pairs.map(([value]) => value),
    Counts: pairs.map(([, count]) => count),
  };
}
