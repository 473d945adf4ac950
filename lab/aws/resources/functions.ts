import { rateOf, runSchedule } from '../events/schedules.ts';
import { text } from '../json.ts';
import { putFunction, removeFunction } from '../lambda/functions.ts';
import { simple, withName } from './define.ts';
import type { Making, ResourceType } from './resource-type.ts';

const checkSchedule = ({ properties }: Making): void => {
  const expression = text(properties['ScheduleExpression']);
  if (expression !== undefined) rateOf(expression);
};

/** Functions, and the rules that start them. */
export const functionTypes: readonly ResourceType[] = [
  simple('AWS::Lambda::Function', {
    id: withName('FunctionName', 64),
    make: ({ realm, properties }, name) => putFunction(realm, name, properties),
    update: ({ physicalId, attributes }, { realm, properties }) => {
      putFunction(realm, physicalId, properties);
      return attributes;
    },
    remove: ({ physicalId }, realm) => removeFunction(realm, physicalId),
    attributes: ({ realm }, name) => ({ Arn: realm.arn('lambda', `function:${name}`) }),
  }),
  simple('AWS::Lambda::Permission', { id: (making) => making.name(100), attributes: (_, Id) => ({ Id }) }),
  simple('AWS::Lambda::EventInvokeConfig', { id: ({ realm }) => realm.world.ids.uuid() }),
  simple('AWS::Events::Rule', {
    id: (making) => making.realm.arn('events', `rule/${withName('Name', 64)(making)}`),
    ref: (_, id) => id.split('rule/')[1] ?? id,
    check: checkSchedule,
    make: ({ realm, properties }, arn) => {
      const expression = text(properties['ScheduleExpression']);
      if (expression !== undefined) void runSchedule(realm, arn, expression);
    },
    attributes: (_, id) => ({ Arn: id, RuleName: id.split('rule/')[1] ?? '' }),
  }),
];
