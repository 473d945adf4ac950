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
  /** By AWS's clock, as its last answer told it: what AWS and the agents tell is of that clock, and the operator's may be wrong. */
  now(): number;
  close(): void;
}

/** Answers tell whole seconds, and take a while: so much is no difference, in milliseconds. */
const SAME_MS = 3000;

/** A call that gets no answer in this time is given up, in milliseconds. */
const ANSWER_MS = 30_000;

/** @param connection - Compared with the configured account before anything is asked for */
export function fleetClients({ region, credentials }: Pick<AwsConnection, 'region' | 'credentials'>): OpenFleetClients {
  let offset = 0;
  const all = (maxAttempts: number): FleetClients => {
    const options = {
      ...{ region, credentials, maxAttempts },
      requestHandler: { requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
    };
    const clients = {
      ec2: new EC2Client(options),
      autoScaling: new AutoScalingClient(options),
      sqs: new SQSClient(options),
      cloudWatch: new CloudWatchClient(options),
      dynamo: new DynamoDBClient(options),
      ssm: new SSMClient(options),
    };
    // The first thing that is asked of any cluster.
    clients.ssm.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        const told = Date.parse(dateOf(answer.response));
        if (!Number.isNaN(told)) offset = Math.abs(told - Date.now()) > SAME_MS ? told - Date.now() : 0;
        return answer;
      },
      { step: 'deserialize', name: 'tandem-clock' },
    );
    return clients;
  };
  const [looking, acting] = [all(ATTEMPTS), all(1)];
  return {
    ...{ looking, acting },
    now: () => Date.now() + offset,
    close() {
      for (const client of [looking, acting].flatMap((each) => Object.values(each) as { destroy(): void }[]))
        client.destroy();
    },
  };
}

function dateOf(response: unknown): string {
  return (response as { headers?: Readonly<Record<string, string>> }).headers?.['date'] ?? '';
}
