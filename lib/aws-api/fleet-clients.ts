import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { AwsConnection } from './connection.ts';
import { ATTEMPTS } from './session.ts';

/** Clients of the services that a fleet is made of. */
export interface FleetClients {
  readonly ec2: EC2Client;
  readonly autoScaling: AutoScalingClient;
  readonly sqs: SQSClient;
  readonly cloudWatch: CloudWatchClient;
  readonly dynamo: DynamoDBClient;
  readonly ssm: SSMClient;
}

export interface OpenFleetClients {
  /** For reading: a throttled or failed call is repeated. */
  readonly looking: FleetClients;
  /** For effects, one call each: who acts counts tokens, and decides by the kind of a fault whether to call again. */
  readonly acting: FleetClients;
  close(): void;
}

/** A call that gets no answer in this time is given up, in milliseconds. */
const ANSWER_MS = 30_000;

/** @param connection - Compared with the configured account before anything is asked for */
export function fleetClients({ region, credentials }: Pick<AwsConnection, 'region' | 'credentials'>): OpenFleetClients {
  const all = (maxAttempts: number): FleetClients => {
    const options = {
      region,
      credentials,
      maxAttempts,
      requestHandler: { requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
    };
    return {
      ec2: new EC2Client(options),
      autoScaling: new AutoScalingClient(options),
      sqs: new SQSClient(options),
      cloudWatch: new CloudWatchClient(options),
      dynamo: new DynamoDBClient(options),
      ssm: new SSMClient(options),
    };
  };
  const [looking, acting] = [all(ATTEMPTS), all(1)];
  return {
    ...{ looking, acting },
    close() {
      for (const client of [looking, acting].flatMap((each) => Object.values(each) as { destroy(): void }[]))
        client.destroy();
    },
  };
}
