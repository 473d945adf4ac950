import type { PutMetricAlarmInput } from '../../../lib/aws-model/cloudwatch-types.ts';
import { MODELS } from '../api/models.ts';
import { fromTemplate } from '../api/template-values.ts';
import { AwsError } from '../aws-error.ts';
import { text } from '../json.ts';
import { inModel, modelOf } from '../model/model.ts';
import { property, simple, withName } from './define.ts';
import type { Making, ResourceType } from './resource-type.ts';

const type = (name: string): string => `AWS::${name}`;

/** Days that CloudWatch Logs keeps events, from the PutRetentionPolicy page. */
const RETENTION = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

function checkRetention({ properties }: Making): void {
  const days = text(properties['RetentionInDays']);
  if (days !== undefined && !RETENTION.includes(Number(days)))
    throw new AwsError('InvalidParameterException', `retentionInDays must be one of ${RETENTION.join(', ')}`);
}

function alarmInput({ properties }: Making, AlarmName: string): PutMetricAlarmInput {
  return fromTemplate(MODELS.cloudwatch, 'PutMetricAlarmInput', { ...properties, AlarmName }) as PutMetricAlarmInput;
}

export const observabilityTypes: readonly ResourceType[] = [
  simple(type('CloudWatch::Alarm'), {
    id: withName('AlarmName', 255),
    make: (making, id) => inModel(() => modelOf(making.realm).cloudwatch.putMetricAlarm(alarmInput(making, id))),
    update: ({ physicalId, attributes }, making) => {
      inModel(() => modelOf(making.realm).cloudwatch.putMetricAlarm(alarmInput(making, physicalId)));
      return attributes;
    },
    remove: ({ physicalId }, realm) => {
      inModel(() => modelOf(realm).cloudwatch.deleteAlarms({ AlarmNames: [physicalId] }));
    },
    attributes: ({ realm }, id) => ({ Arn: realm.arn('cloudwatch', `alarm:${id}`) }),
  }),
  simple(type('CloudWatch::Dashboard'), {
    id: withName('DashboardName', 255),
    check: (making) => {
      try {
        JSON.parse(property(making, 'DashboardBody'));
      } catch {
        throw new AwsError('InvalidParameterInput', 'The field DashboardBody must be a valid JSON object');
      }
    },
  }),
  simple(type('Logs::LogGroup'), {
    id: withName('LogGroupName', 512),
    check: checkRetention,
    attributes: ({ realm }, id) => ({ Arn: realm.arn('logs', `log-group:${id}:*`) }),
  }),
  simple(type('Logs::ResourcePolicy'), { id: (making) => property(making, 'PolicyName') }),
  simple(type('Logs::MetricFilter'), { id: withName('FilterName', 512) }),
  simple(type('SNS::Topic'), {
    id: (making) => making.realm.arn('sns', withName('TopicName', 256)(making)),
    attributes: (_, id) => ({ TopicArn: id, TopicName: id.split(':').at(-1) ?? '' }),
  }),
  simple(type('SNS::TopicPolicy'), { id: (making) => making.name(128), attributes: (_, id) => ({ Id: id }) }),
  simple(type('SNS::Subscription'), {
    id: (making) => `${property(making, 'TopicArn')}:${making.realm.world.ids.uuid()}`,
    attributes: (_, id) => ({ Arn: id }),
  }),
  simple(type('Budgets::Budget'), { id: (making) => making.name(100), attributes: (_, id) => ({ Id: id }) }),
];
