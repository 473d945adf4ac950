import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changeOutOfBand, removeOutOfBand } from '../../../../lab/aws/control.ts';
import { type AwsEndpointOptions, labCredentials, startAwsEndpoint } from '../../../../lab/aws/index.ts';
import { cloudFormationEngine } from '../../../../lib/engines/cloudformation/cloudformation-engine.ts';
import type { CloudFormationConnection } from '../../../../lib/engines/cloudformation/connection.ts';
import type { Engine, FrozenStackPlan, PlanOptions, StackEvent } from '../../../../lib/engines/engine.ts';
import type { StackId } from '../../../../lib/stack/id.ts';
import { digestOf } from '../../../../lib/stack/synthesized.ts';
import { cloudFormationContract, queue } from './engine.contract.ts';

const account = '222233334444';
const region = 'eu-west-3';

/** The endpoint in this process. */
async function lab(options: AwsEndpointOptions = {}) {
  const endpoint = await startAwsEndpoint({ stepMilliseconds: 20, ...options });
  // Clients of other services than CloudFormation find it as an operator's do.
  process.env['AWS_ENDPOINT_URL'] = endpoint.url;
  const credentials = async () => labCredentials(account);
  const cloudFormation = new CloudFormationClient({ endpoint: endpoint.url, region, credentials });
  const arn = `arn:aws:iam::${account}:root`;
  const connection: CloudFormationConnection = { account, region, partition: 'aws', arn, cloudFormation, credentials };
  const close = async () => {
    delete process.env['AWS_ENDPOINT_URL'];
    await endpoint.close();
  };
  return { endpoint, connection, close };
}

cloudFormationContract('the endpoint of lab/aws', lab);

describe('cloudformation engine: what only an endpoint of one’s own can be made to do', () => {
  let realm: Awaited<ReturnType<typeof lab>>;
  let engine: Engine;
  const id: StackId = 'custom/lab';
  const client = () => realm.connection.cloudFormation;
  const options = { signal: new AbortController().signal, parallelism: 4 };
  const plan = (Resources: object, more: Partial<PlanOptions> & { readonly Parameters?: object } = {}) => {
    const { Parameters = {}, ...rest } = more;
    const text = JSON.stringify({ Resources, Parameters });
    const unresolvedInputs = [{ name: 'VPC and subnets', from: 'aws/staging/network' }] as const;
    const head = {
      id,
      engine: 'cloudformation',
      dependsOn: [],
      unresolvedInputs,
      files: [],
      target: {},
      citations: {},
    } as const;
    return engine.plan(
      { ...head, text, digest: digestOf(text) },
      { ...options, destroy: false, adopt: false, ...rest },
    );
  };
  const apply = async (frozen: FrozenStackPlan): Promise<StackEvent[]> => {
    const events: StackEvent[] = [];
    for await (const event of engine.apply(frozen, options)) events.push(event);
    return events;
  };
  beforeEach(async () => {
    realm = await lab({ stepMilliseconds: 5 });
    engine = cloudFormationEngine({
      connect: async () => realm.connection,
      settings: () => ({ terminationProtection: false, tags: {}, file: '' }),
      assets: async () => undefined,
    });
  });
  afterEach(() => realm.close());

  test('shows what was changed and removed behind its back', async () => {
    const frozen = await plan({ A: queue({ DelaySeconds: 1 }), B: queue() });
    await apply(frozen);
    changeOutOfBand(realm.endpoint.state, physicalId('A'), { DelaySeconds: 9 });
    removeOutOfBand(realm.endpoint.state, physicalId('B'));
    const { drift } = await engine.drift(frozen.stack, options);
    expect(drift.map((each) => `${each.action} ${each.address}`)).toEqual(['delete B', 'update A']);
    expect(drift[1]?.attributes).toMatchObject([{ path: 'DelaySeconds', before: 1, after: 9 }]);
  });

  const physicalId = (logicalId: string) =>
    realm.endpoint.state
      .realm(account, region)
      .ofType('AWS::SQS::Queue')
      .find((each) => each.physicalId.includes(`lab-${logicalId}-`))?.physicalId ?? '';
  const told = ({ plan: { changes } }: FrozenStackPlan) =>
    changes.map(({ address, action, reasons, noise, attributes }) => ({
      ...{ is: `${action} ${address}`, reasons, noise },
      values: attributes.map(({ path, before, after }) => `${path}: ${String(before)} -> ${String(after)}`),
    }));

  test('gives parameters the values of other stacks, and changes what is made of them', async () => {
    const Resources = { A: queue({ DelaySeconds: { Ref: 'Delay' } }) };
    const template = JSON.stringify({ Resources, Parameters: { Delay: { Type: 'Number' } } });
    const given = async (Delay?: string) => {
      const { stack } = await plan({ A: queue() }, { readOnly: true });
      const own = Delay === undefined ? {} : { given: { Delay } };
      return engine.plan({ ...stack, text: template, ...own }, { ...options, destroy: false, adopt: false });
    };
    await expect(given()).rejects.toThrow('Parameters: [Delay] must have values');
    await apply(await given('1'));
    expect((await given('1')).plan.status).toBe('unchanged');
    expect((await given('2')).plan.changes).toMatchObject([{ address: 'A', action: 'update' }]);
  });

  test('says what it overwrites that was changed by hand, and sets it again', async () => {
    const wanted = { A: queue({ DelaySeconds: 1 }), B: queue() };
    await apply(await plan(wanted));
    changeOutOfBand(realm.endpoint.state, physicalId('A'), { DelaySeconds: 9 });
    removeOutOfBand(realm.endpoint.state, physicalId('B'));
    const frozen = await plan(wanted);
    expect(told(frozen)).toEqual([
      {
        ...{ is: 'update A', noise: false, values: ['DelaySeconds: 9 -> 1'] },
        reasons: ['CAUTION: it overwrites what was changed outside Tandem: DelaySeconds'],
      },
      { is: 'create B', reasons: ['it was deleted outside Tandem, and is created again'], noise: false, values: [] },
    ]);
    expect(frozen.plan.drift.map(({ action, address }) => `${action} ${address}`)).toEqual(['delete B', 'update A']);
    await apply(frozen);
    expect((await plan(wanted)).plan.status).toBe('unchanged');
    expect((await engine.drift(frozen.stack, options)).drift).toEqual([]);
  });

  test('leaves alone what was changed by hand to what is wanted now', async () => {
    await apply(await plan({ A: queue({ DelaySeconds: 1 }) }));
    changeOutOfBand(realm.endpoint.state, physicalId('A'), { DelaySeconds: 9 });
    const frozen = await plan({ A: queue({ DelaySeconds: 9 }) });
    expect(told(frozen)).toEqual([
      {
        ...{ is: 'update A', noise: true, values: [] },
        reasons: ['it was changed outside to what is wanted now, and is left as it is'],
      },
    ]);
    await apply(frozen);
    expect((await plan({ A: queue({ DelaySeconds: 9 }) })).plan.status).toBe('unchanged');
  });

  test('compares with what was set last where the API has no drift-aware change sets', async () => {
    await apply(await plan({ A: queue({ DelaySeconds: 1 }) }));
    changeOutOfBand(realm.endpoint.state, physicalId('A'), { DelaySeconds: 9 });
    const modes: unknown[] = [];
    client().middlewareStack.add(
      (next) => async (args) => {
        const { DeploymentMode: mode, ChangeSetName: name } = args.input as unknown as Record<string, unknown>;
        if (typeof name === 'string' && 'TemplateBody' in args.input) modes.push(mode);
        if (mode !== undefined)
          throw Object.assign(new Error('Unknown parameter: DeploymentMode'), { name: 'ValidationError' });
        return next(args);
      },
      { step: 'initialize' },
    );
    expect((await plan({ A: queue({ DelaySeconds: 1 }) })).plan.status).toBe('unchanged');
    expect(modes).toEqual(['REVERT_DRIFT', undefined]);
  });

  test('tells the request id of the service that refused', async () => {
    const message = 'No room (Service: Sqs, Status Code: 403, Request ID: ab12-9)';
    realm.endpoint.faults.failResource({ action: 'create', logicalId: 'A', message });
    await expect(plan({ A: queue(), B: queue() }).then(apply)).rejects.toMatchObject({
      details: { faults: [{ address: 'A', status: 403, requestId: 'ab12-9', remedy: 'fail' }] },
    });
  });

  test('asks for another attempt where a service was throttled', async () => {
    const message = 'Rate exceeded (Service: Sqs, Status Code: 400, Request ID: ab12-9)';
    realm.endpoint.faults.failResource({ action: 'create', logicalId: 'A', message });
    await expect(plan({ A: queue() }).then(apply)).rejects.toMatchObject({
      details: { faults: [{ status: 429, remedy: 'again' }] },
    });
  });

  test('waits out a throttled API', async () => {
    realm.endpoint.faults.failCall({
      call: 'cloudformation:*',
      code: 'Throttling',
      message: 'Rate exceeded',
      times: 2,
    });
    expect((await plan({ A: queue() })).plan.changes).toHaveLength(1);
  });

  test('leaves the operation of somebody else alone', async () => {
    realm.endpoint.faults.clear();
    const slow = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        `Q${index}`,
        { ...queue(), ...(index === 0 ? {} : { DependsOn: `Q${index - 1}` }) },
      ]),
    );
    const TemplateBody = JSON.stringify({ Resources: slow });
    await client().send(new CreateStackCommand({ StackName: 'custom-lab', TemplateBody }));
    await expect(plan({ A: queue() })).rejects.toMatchObject({ code: 'stack-busy' });
    await expect(plan({ A: queue() }, { readOnly: true })).rejects.toMatchObject({ code: 'stack-busy' });
  });

  test('continues a rollback that failed only for whoever resumes', async () => {
    await apply(await plan({ A: queue({ DelaySeconds: 1 }) }));
    const stuck = async () => {
      realm.endpoint.faults.failResource({ action: 'update', logicalId: 'A', message: 'not now', times: 2 });
      await expect(plan({ A: queue({ DelaySeconds: 2 }) }).then(apply)).rejects.toThrow('not now');
    };
    await stuck();
    await expect(plan({ A: queue({ DelaySeconds: 2 }) })).rejects.toMatchObject({ code: 'stack-stuck' });
    const events: StackEvent[] = [];
    const again = await plan({ A: queue({ DelaySeconds: 2 }) }, { adopt: true, emit: (event) => events.push(event) });
    expect(events).toContainEqual(expect.objectContaining({ text: expect.stringContaining('its rollback failed') }));
    expect(again.plan.changes).toMatchObject([{ action: 'update', address: 'A' }]);
    await engine.discard(again);
    await stuck();
    const gone = await plan({ A: queue() }, { destroy: true });
    expect(gone.plan.changes).toMatchObject([{ action: 'delete', address: 'A' }]);
    await apply(gone);
  });

  test('names what an update could not remove', async () => {
    const vpc = (CidrBlock: string) => ({ Net: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock } } });
    await apply(await plan(vpc('10.1.0.0/16')));
    realm.endpoint.faults.failResource({ action: 'delete', logicalId: 'Net', message: 'in use', times: 9 });
    expect(await apply(await plan(vpc('10.2.0.0/16')))).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        text: expect.stringMatching(/old Net .* stays in the account, outside any stack: in use/),
      }),
    );
  });

  test('waits for inputs that do not exist, and asks for a bootstrap that does not', async () => {
    const Type = 'AWS::SSM::Parameter::Value<String>';
    const Inputs = { Vpc: { Type, Default: '/tandem/acme-staging/network/vpc-id' } };
    await expect(plan({ A: queue() }, { Parameters: Inputs })).rejects.toMatchObject({
      code: 'inputs-missing',
      message: expect.stringContaining('VPC and subnets (/tandem/acme-staging/network/vpc-id) of aws/staging/network'),
    });
    const Bootstrap = { BootstrapVersion: { Type, Default: '/cdk-bootstrap/hnb659fds/version' } };
    await expect(plan({ A: queue() }, { Parameters: Bootstrap })).rejects.toMatchObject({
      code: 'not-bootstrapped',
      next: expect.stringContaining(`npx cdk bootstrap aws://${account}/${region}`),
    });
  });
});
