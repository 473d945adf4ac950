import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { labCredentials, startAwsEndpoint as start, type startAwsEndpoint } from '../../../../lab/aws/index.ts';
import { cloudFormationEngine } from '../../../../lib/engines/cloudformation/cloudformation-engine.ts';
import { lineageTag } from '../../../../lib/engines/cloudformation/lineage.ts';
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
    ...{ id: 'custom/marked', engine: 'cloudformation', dependsOn: [], unresolvedInputs: [], files: [] },
    ...{ text, digest: digestOf(text), citations: {} },
  };
};
const kim: OwnMark = {
  lineage: 'a-1',
  by: 'kim smith@host',
  at: '2026-11-28T05:40:00Z',
  place: 'PostgreSQL, “tandem”',
};

describe('marks of CloudFormation stacks', { timeout: 60_000 }, () => {
  let endpoint: Awaited<ReturnType<typeof startAwsEndpoint>>;
  let client: CloudFormationClient;
  beforeEach(async () => {
    endpoint = await start({ stepMilliseconds: 5 });
    client = new CloudFormationClient({
      endpoint: endpoint.url,
      region,
      credentials: async () => labCredentials(account),
    });
  });
  afterEach(() => endpoint.close());
  const engineOf = (own?: OwnMark) =>
    cloudFormationEngine({
      connect: async () => ({
        ...{
          account,
          region,
          partition: 'aws',
          cloudFormation: client,
          credentials: async () => labCredentials(account),
        },
      }),
      settings: () => ({ terminationProtection: false, tags: {}, file: '' }),
      assets: async () => undefined,
      ...(own === undefined ? {} : { ownMark: async () => own }),
    });
  const make = async (stack: SynthesizedStack, own?: OwnMark): Promise<string[]> => {
    const engine = engineOf(own);
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
    make: async (own) => {
      await make(stack, own);
    },
  }));

  test('an update keeps the tag, whoever makes it, and adds none', async () => {
    await make(stack, kim);
    const before = await tags();
    expect(before).toEqual([
      { Key: 'tandem:lineage', Value: 'a-1 kim_smith@host 2026-11-28T05:40:00Z PostgreSQL_ _tandem_' },
    ]);
    await make(stackOf({ A: queue(), B: queue() }), { ...kim, lineage: 'b-2' });
    expect(await tags()).toEqual(before);
  });

  test('a stack of before has no tag, belongs to nobody known, and is left without', async () => {
    await make(stack);
    const mark = await engineOf().lineageOf?.(stack, signal);
    expect(mark).toMatchObject({
      lineage: undefined,
      where: 'stack custom-marked of account 222233334444 in eu-west-3',
    });
    await make(stackOf({ A: queue(), B: queue() }), kim);
    expect(await tags()).toEqual([]);
    // Who takes it over marks it.
    if (mark !== undefined) await engineOf().mark?.(stack, kim, { signal, instead: mark });
    expect(await tags()).toEqual([lineageTag(kim)]);
  });
});
