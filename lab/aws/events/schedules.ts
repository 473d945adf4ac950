import { AwsError } from '../aws-error.ts';
import { isList, isObject, type JsonObject, text } from '../json.ts';
import { invoke } from '../lambda/functions.ts';
import type { Realm } from '../world.ts';

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Milliseconds of `rate(N unit)`. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html */
export function rateOf(expression: string): number {
  const [, count = '', unit = '', plural] = /^rate\((\d+) (minute|hour|day)(s)?\)$/.exec(expression) ?? [];
  const isRate = Number(count) > 0 && (plural === 's') === Number(count) > 1;
  if (!isRate)
    throw new AwsError(
      'ValidationException',
      `Parameter ScheduleExpression is not valid. lab/aws has rates only, got ${expression}`,
    );
  return Number(count) * (UNITS[unit] ?? 0);
}

/** Runs a rule's functions at its rate, from now on, for as long as there is that rule. */
export async function runSchedule(realm: Realm, arn: string, expression: string): Promise<void> {
  const { clock } = realm.world;
  await clock.sleep(rateOf(expression));
  // It may have been changed meanwhile; another of the same name has a schedule of its own.
  const rule = realm.find('AWS::Events::Rule', arn);
  while (rule !== undefined && !realm.world.closed && realm.find('AWS::Events::Rule', arn) === rule) {
    const { ScheduleExpression, State } = rule.properties;
    if (text(State) !== 'DISABLED')
      for (const name of functionsOf(realm, arn, rule.properties)) void invoke(realm, name, eventOf(realm, arn));
    await clock.sleep(rateOf(text(ScheduleExpression) ?? expression));
  }
}

/** Names of the targets that are functions which let the rule start them. */
function functionsOf(realm: Realm, arn: string, { Targets }: JsonObject): string[] {
  const targets = isList(Targets) ? Targets.filter(isObject) : [];
  const names = targets.flatMap(({ Arn }) => text(Arn)?.split(':function:')[1] ?? []);
  const permissions = realm.ofType('AWS::Lambda::Permission').map(({ properties }) => properties);
  return names.filter((name) =>
    permissions.some(
      ({ FunctionName, Principal, SourceArn }) =>
        FunctionName === name && Principal === 'events.amazonaws.com' && SourceArn === arn,
    ),
  );
}

function eventOf({ world, account, region }: Realm, arn: string): JsonObject {
  return {
    ...{ version: '0', id: world.ids.uuid(), 'detail-type': 'Scheduled Event', source: 'aws.events' },
    ...{ account, region, resources: [arn], detail: {} },
    time: `${new Date(world.clock.now()).toISOString().slice(0, 19)}Z`,
  };
}
