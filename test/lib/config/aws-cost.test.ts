import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fleetCosts, keptCost, linkCosts, networkCosts, PIECES } from '../../../lib/config/aws-cost.ts';
import { endpointsOf } from '../../../lib/config/endpoints.ts';
import { directoryFiles } from '../../../lib/config/files.ts';
import { loadProject } from '../../../lib/config/load.ts';
import type { Project } from '../../../lib/config/project.ts';
import { awsPricesSchema } from '../../../lib/config/schema/aws-prices.ts';
import { linkSchema } from '../../../lib/config/schema/link.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';

const project = loadProject(directoryFiles(CODE_ROOT)).project as Project;
const book = project.awsPrices!.value;
const { value: prod } = project.environments.get('prod')!;
const { value: staging } = project.environments.get('staging')!;
const within = (costs: ReturnType<typeof fleetCosts>) =>
  Object.fromEntries(
    costs.map(({ what, monthly }) => [what, monthly && [Math.round(monthly.least), Math.round(monthly.most)]]),
  );

describe('the monthly cost of each part', () => {
  test('of a cluster, from its minimum to its maximum', () => {
    const { types } = prod.cluster.instances;
    const month = book.regions['eu-west-3']!.instanceHour[types[0]!]! * 730 * 0.86;
    expect(within(fleetCosts(prod, book))).toEqual({
      'instances on demand': [Math.round(50 * month), Math.round(185 * month)],
      'Spot instances': [0, Math.round(315 * month * 0.4)],
      'root volumes': [Math.round(50 * 30 * 0.093 * 0.86), Math.round(500 * 30 * 0.093 * 0.86)],
      'KMS keys': [2, 2],
      'CloudWatch alarms': [1, 1],
      'CloudWatch dashboards': [3, 3],
      // 175,200 writes a month of each instance.
      'DynamoDB: heartbeats': [Math.round(8.76 * 0.742 * 0.86), Math.round(87.6 * 0.742 * 0.86)],
      // 46 s in each of 43,800 minutes, with 128 MiB; two metrics a minute.
      'Lambda: scaler': [3, 3],
      'CloudWatch: metrics that the scaler reads': [1, 1],
      'SQS: empty receives': [Math.round(6.57 * 0.4 * 0.86), Math.round(65.7 * 0.4 * 0.86)],
    });
  });
  test('of a network, whose endpoints cost by zone', () => {
    const interfaces = endpointsOf(prod.cluster).filter((each) => each !== 's3' && each !== 'dynamodb').length;
    const costs = networkCosts(prod, book);
    expect(costs.map(({ what, quantity }) => [what, quantity])).toEqual([
      ['interface endpoints', `${interfaces * 3}`],
      ['KMS keys', '1'],
    ]);
    expect(costs[0]?.monthly?.most).toBeCloseTo(interfaces * 3 * 0.011 * 730 * 0.86);
  });
  test('of a link: its connections, its keys, and end points for names where it has some', () => {
    const link = linkSchema.parse({
      ...{ cloud: 'lab', environment: 'staging', network: '10.202.0.0/28', tunnels: { inside: '169.254.100.0/28' } },
      gateways: { image: 'debian-12', flavor: 'small', zones: ['rack-a', 'rack-b'] },
    });
    const monthly = (names?: { zone: string }) =>
      linkCosts(staging, { ...link, ...(names === undefined ? {} : { names }) }, book).reduce(
        (sum, each) => sum + (each.monthly?.most ?? Number.NaN),
        0,
      );
    const bare = (2 * 0.05 * 730 + 4 * 0.4 + 1 + 5 * 0.1) * 0.86;
    expect(monthly()).toBeCloseTo(bare);
    const [instanceType = '', hour = 0] = Object.entries(book.regions[staging.aws.region]!.instanceHour)[0] ?? [];
    const servers = { ...link, discovery: { servers: 3, instanceType } } as const;
    const discovery = (3 * hour * 730 + 30 * 0.093 + 2 * 0.1) * 0.86;
    const all = linkCosts(staging, servers, book).reduce((sum, each) => sum + (each.monthly?.most ?? Number.NaN), 0);
    expect(all - monthly()).toBeCloseTo(discovery);
    expect(monthly({ zone: 'staging.example.org' })).toBeCloseTo(bare + (4 * 0.125 * 730 + 0.5) * 0.86);
  });
  test('leaves out what there is nothing of, and has no price of what the list lacks', () => {
    expect(fleetCosts(staging, book).map(({ what }) => what)).not.toContain('instances on demand');
    const bare = awsPricesSchema.parse({
      asOf: '2026-11-02',
      regions: { 'eu-west-3': { instanceHour: {}, volumeGiB: 0.1 } },
    });
    const priced = fleetCosts(prod, bare).filter(({ monthly }) => monthly !== undefined);
    expect(priced.map(({ what }) => what)).toEqual(['root volumes']);
    expect(fleetCosts(prod, undefined).filter(({ monthly }) => monthly !== undefined)).toEqual([]);
  });
  test('of what outlives its stack', () => {
    expect(keptCost('AWS::KMS::Key', 0, 'eu-west-3', book)).toBeCloseTo(0.86);
    expect(keptCost('AWS::S3::Bucket', 100 * 1024 ** 3, 'eu-west-3', book)).toBeCloseTo(100 * 0.024 * 0.86);
    expect(keptCost('AWS::SQS::Queue', 0, 'eu-west-3', book)).toBeUndefined();
    expect(keptCost('AWS::KMS::Key', 0, 'us-east-1', book)).toBeUndefined();
  });
});

test.each(['network', 'link', 'cluster'] as const)('the pieces of a %s are those of its template', (part) => {
  const text = readFileSync(new URL(`../../golden/prod/aws-prod-${part}.json`, import.meta.url), 'utf8');
  const { Resources } = JSON.parse(text) as { Resources: Record<string, { Type: string }> };
  const count = (type: string) => Object.values(Resources).filter(({ Type }) => Type === type).length;
  const own = { alarms: 0, dashboards: 0, ...PIECES[part] };
  // The link of the shipped configuration has discovery, and its cluster a scaler.
  const more = { network: 0, link: PIECES.discovery.alarms, cluster: PIECES.scaler.alarms }[part];
  expect([count('AWS::KMS::Key'), count('AWS::CloudWatch::Alarm'), count('AWS::CloudWatch::Dashboard')]).toEqual([
    ...[PIECES[part].keys, own.alarms + more, own.dashboards],
  ]);
});
