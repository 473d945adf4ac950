import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { LinkStack } from '../../../stacks/aws/link-stack.ts';
import { appWith, linkInputsOf } from '../../stacks/aws/environments.ts';
import { outputFolder } from '../../stacks/folders.ts';

const app = appWith({ outdir: outputFolder(), builtinCloudFormationValidation: false });
const template = Template.fromStack(new LinkStack(app, linkInputsOf('least')));
const alarms = Object.entries(template.findResources('AWS::CloudWatch::Alarm') as Record<string, Alarm>);

interface Alarm {
  readonly Properties: Readonly<Record<string, unknown>>;
}

function alarm(name: string): Alarm['Properties'] {
  const [, found] = alarms.find(([id]) => new RegExp(`Alarms${name}[0-9A-F]{8}$`).test(id)) ?? [];
  if (found === undefined) throw new Error(`no alarm ${name}`);
  return found.Properties;
}

/** Whether an alarm breaches at a mean state of its connection. */
function breaches(name: string, state: number): boolean {
  const { ComparisonOperator: operator, Threshold: threshold } = alarm(name);
  return operator === 'LessThanThreshold' ? state < Number(threshold) : state <= Number(threshold);
}

describe('the alarms of a link', () => {
  test.each([
    ['both tunnels are up', 1, false, false],
    ['one of them is down', 0.5, true, false],
    ['one is up for a part of the minute', 0.25, true, false],
    ['both are down', 0, true, true],
  ])('where %s', (_, state, one, both) => {
    for (const gateway of [1, 2])
      expect([breaches(`Gateway${gateway}`, state), breaches(`Gateway${gateway}Down`, state)]).toEqual([one, both]);
  });

  test.each([1, 2])('of gateway %i watch the mean state of its own connection', (gateway) => {
    const [[id]] = Object.entries(template.findResources('AWS::EC2::VPNConnection')).filter(([each]) =>
      each.includes(`Connection${gateway}`),
    ) as [[string, object]];
    const dimensions = [{ Name: 'VpnId', Value: { 'Fn::GetAtt': [id, 'VpnConnectionId'] } }];
    const series = { Namespace: 'AWS/VPN', MetricName: 'TunnelState', Statistic: 'Average', Dimensions: dimensions };
    expect([alarm(`Gateway${gateway}`), alarm(`Gateway${gateway}Down`)]).toMatchObject([series, series]);
  });

  test.each([1, 2])('of gateway %i take missing data for a tunnel that is down', (gateway) => {
    expect([alarm(`Gateway${gateway}`), alarm(`Gateway${gateway}Down`)]).toMatchObject([
      { TreatMissingData: 'breaching' },
      { TreatMissingData: 'breaching' },
    ]);
  });
});
