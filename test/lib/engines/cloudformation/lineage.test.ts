import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { labCredentials, startAwsEndpoint as start, type startAwsEndpoint } from '../../../../lab/aws/index.ts';
import { cloudFormationEngine } from '../../../../lib/engines/cloudformation/cloudformation-engine.ts';
import type { OwnMark } from '../../../../lib/engines/lineage.ts';
import { digestOf, type SynthesizedStack } from '../../../../lib/stack/synthesized.ts';
import { marksContract } from '../lineage.contract.ts';
import { queue } from './engine.contract.ts';

const account = '222233334444';
const region = 'eu-west-3';
const signal = new AbortController().signal;
const options = { signal, parallelism: 4, destroy: false, adopt: false };
const stackOf = (Resources: object): SynthesizedStack => {
  const text = JSON.stringify({ Resources });
  return {
    ...{ id: 'custom/marked', engine: 'cloudformation', dependsOn: [], unresolvedInputs: [], files: [], target: {} },
    ...{ text, digest: digestOf(text), citations: {} },
  };
};
const kim: OwnMark = {
  lineage: 'a-1',
  by: 'kim smith@host',
  at: '2026-11-28T05:40:00Z',
  place: 'PostgreSQL, “tandem”',
};

describe('marks of CloudFormation stacks', () => {
  let endpoint: Awaited<ReturnType<typeof startAwsEndpoint>>;
  let client: CloudFormationClient;
  beforeEach(async () => {
    endpoint = await start({ stepMilliseconds: 5 });
    process.env['AWS_ENDPOINT_URL_SSM'] = endpoint.url;
    client = new CloudFormationClient({
      endpoint: endpoint.url,
      region,
      credentials: async () => labCredentials(account),
    });
  });
  afterEach(async () => {
    delete process.env['AWS_ENDPOINT_URL_SSM'];
    await endpoint.close();
  });
  const engineOf = () =>
    cloudFormationEngine({
      connect: async () => ({
        ...{
          account,
          region,
          partition: 'aws',
          arn: `arn:aws:iam::${account}:root`,
          cloudFormation: client,
          credentials: async () => labCredentials(account),
        },
      }),
      settings: () => ({ terminationProtection: false, tags: {}, file: '' }),
      assets: async () => undefined,
    });
  const make = async (stack: SynthesizedStack): Promise<string[]> => {
    const engine = engineOf();
    const frozen = await engine.plan(stack, options);
    const told: string[] = [];
    if (frozen.hasEffect) for await (const { kind } of engine.apply(frozen, options)) told.push(kind);
    return told;
  };
  const tags = async () =>
    (await client.send(new DescribeStacksCommand({ StackName: 'custom-marked' }))).Stacks?.[0]?.Tags;
  const stack = stackOf({ A: queue() });

  marksContract(async () => ({
    engine: engineOf(),
    stack,
    make: async () => {
      await make(stack);
    },
  }));

  test('a stack of before belongs to nobody known, and is marked without an update', async () => {
    await make(stack);
    expect(await engineOf().lineageOf?.(stack, signal)).toMatchObject({
      lineage: undefined,
      where: 'stack custom-marked of account 222233334444 in eu-west-3',
    });
    await engineOf().mark?.(stack, kim, { signal });
    expect(await engineOf().lineageOf?.(stack, signal)).toMatchObject({ ...kim, isProvisional: false });
    // `cdk deploy` compares tags, and resources inherit them.
    expect(await tags()).toEqual([]);
    await engineOf().unmark?.(stack, signal);
    expect(await engineOf().lineageOf?.(stack, signal)).toMatchObject({ lineage: undefined });
  });

  test('a mark without its stack is that of one that is being made', async () => {
    await engineOf().mark?.(stack, kim, { signal });
    expect(await engineOf().lineageOf?.(stack, signal)).toMatchObject({ ...kim, isProvisional: true });
  });
});
