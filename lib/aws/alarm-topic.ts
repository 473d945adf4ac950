import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface AlarmTopicProps {
  /** What the alarms are of. */
  readonly name: string;
  /** Encrypts the notifications. */
  readonly key: IKey;
  /** Services of AWS that publish, e.g. `cloudwatch`. */
  readonly publishers: readonly string[];
}

/** An encrypted topic that services of this account publish to. */
export function alarmTopic(scope: Construct, id: string, { name, key, publishers }: AlarmTopicProps): Topic {
  const topic = new Topic(scope, id, { displayName: `Alarms of ${name}`, masterKey: key, enforceSSL: true });
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'Publishers',
      principals: publishers.map((service) => new ServicePrincipal(`${service}.amazonaws.com`)),
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(topic).account } },
    }),
  );
  return topic;
}
