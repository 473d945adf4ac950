import type { AwsModel } from '../../aws-model/model.ts';

/**
 * As Lambda tells of a minute in which a function ran. Of one in which it decided nothing nothing is told, as if it had not been started: for AWS's
 * policies, which wait for silence, that is the longer way to learn of it; a failure is told at once.
 */
export function tellOfScaler(model: AwsModel, name: string): void {
  const Dimensions = [{ Name: 'FunctionName', Value: name }];
  model.cloudwatch.putMetricData({
    Namespace: 'AWS/Lambda',
    MetricData: [
      { MetricName: 'Invocations', Dimensions, Value: 1 },
      { MetricName: 'Errors', Dimensions, Value: 0 },
    ],
  });
}
