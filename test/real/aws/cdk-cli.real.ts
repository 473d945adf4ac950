import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeOutOfBand } from '../../../lab/aws/control.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../../../lab/aws/index.ts';
import { type CdkResult, cdk } from './cdk.ts';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-3';

/** The life of a stack in the hands of the real CDK CLI; each test goes on from where the last one ended. */
describe('the CDK CLI', () => {
  let endpoint: AwsEndpoint;
  let output: string;
  const run = (args: readonly string[], variants: Readonly<Record<string, string>> = {}): Promise<CdkResult> =>
    cdk(args, { url: endpoint.url, account: ACCOUNT, output, variants, app: 'node test/real/aws/cdk-app/main.ts' });
  const deploy = (variants: Readonly<Record<string, string>> = {}, ...more: string[]) =>
    run(['deploy', 'Rehearsal', '--require-approval', 'never', ...more], variants);
  const of = (type: string) => endpoint.state.realm(ACCOUNT, REGION).ofType(type);
  const jobs = () => of('AWS::SQS::Queue').find(({ physicalId }) => physicalId.includes('-Jobs'))!;

  beforeAll(async () => {
    endpoint = await startAwsEndpoint();
    output = await mkdtemp(join(tmpdir(), 'cdk-cli-'));
  });
  afterAll(async () => {
    await endpoint.close();
    await rm(output, { recursive: true, force: true });
  });

  it('bootstraps', async () => {
    const { exitCode, output: shown } = await run(['bootstrap', `aws://${ACCOUNT}/${REGION}`]);
    expect(shown).toContain('bootstrapped.');
    expect(exitCode).toBe(0);
    expect(of('AWS::IAM::Role')).toHaveLength(5);
  });

  it('creates, through the roles of the bootstrap', async () => {
    const { exitCode, output: shown } = await deploy();
    expect(exitCode, shown).toBe(0);
    expect(shown).not.toContain('could not be used to assume');
    expect(jobs().properties['VisibilityTimeout']).toBe(30);
    expect(shown).toContain(`Rehearsal.JobsUrl = ${jobs().physicalId}`);
  });

  it('finds no change in the same', async () => {
    expect((await deploy()).output).toContain('(no changes)');
    const { exitCode, output: shown } = await run(['diff', '--fail']);
    expect(shown).toContain('Number of stacks with differences: 0');
    expect(exitCode).toBe(0);
  });

  it('updates in place', async () => {
    const before = jobs().physicalId;
    expect((await deploy({ VISIBILITY: '77' })).exitCode).toBe(0);
    expect(jobs().physicalId).toBe(before);
    expect(jobs().properties['VisibilityTimeout']).toBe(77);
  });

  it('says what will be replaced, and replaces it', async () => {
    const next = { VISIBILITY: '77', SUBNET: '10.9.7.0/24' };
    const diff = await run(['diff', '--fail'], next);
    expect(diff.exitCode).toBe(1);
    expect(diff.output).toMatch(/AWS::EC2::Subnet .* replace/);
    const [before] = of('AWS::EC2::Subnet');
    expect((await deploy(next)).exitCode).toBe(0);
    const after = of('AWS::EC2::Subnet');
    expect(after).toHaveLength(1);
    expect(after[0]!.physicalId).not.toBe(before!.physicalId);
    expect(after[0]!.properties['CidrBlock']).toBe('10.9.7.0/24');
  });

  it('fails where a service refuses, and rolls back', async () => {
    endpoint.faults.failResource({ action: 'update', type: 'AWS::SQS::Queue', message: 'the queue is being moved' });
    const { exitCode, output: shown } = await deploy({ VISIBILITY: '90', SUBNET: '10.9.8.0/24' });
    expect(exitCode).toBe(1);
    expect(shown).toContain('Failed resources:');
    expect(shown).toContain('the queue is being moved');
    expect(jobs().properties['VisibilityTimeout']).toBe(77);
    expect(of('AWS::EC2::Subnet').map(({ properties }) => properties['CidrBlock'])).toEqual(['10.9.7.0/24']);
  });

  it('fails on a subnet outside its network, in EC2’s words', async () => {
    const { exitCode, output: shown } = await deploy({ VISIBILITY: '77', SUBNET: '10.66.0.0/24' });
    expect(exitCode).toBe(1);
    expect(shown).toContain("The CIDR '10.66.0.0/24' is invalid.");
  });

  it('notices what was changed behind its back', async () => {
    const variants = { VISIBILITY: '77', SUBNET: '10.9.7.0/24' };
    expect((await run(['drift', 'Rehearsal', '--fail'], variants)).output).toContain('No drift detected');
    changeOutOfBand(endpoint.state, jobs().physicalId, { VisibilityTimeout: 5 });
    const { exitCode, output: shown } = await run(['drift', 'Rehearsal', '--fail'], variants);
    expect(shown).toContain('VisibilityTimeout');
    expect(exitCode).toBe(1);
  });

  it('destroys, and nothing is left', async () => {
    const { exitCode, output: shown } = await run(['destroy', 'Rehearsal', '--force']);
    expect(exitCode, shown).toBe(0);
    for (const type of ['AWS::SQS::Queue', 'AWS::EC2::VPC', 'AWS::EC2::Subnet', 'AWS::EC2::SecurityGroup'])
      expect(of(type)).toEqual([]);
    expect(of('AWS::S3::Bucket').map(({ physicalId }) => physicalId)).toEqual([
      `cdk-hnb659fds-assets-${ACCOUNT}-${REGION}`,
    ]);
  });

  it('creates again without change sets', async () => {
    const { exitCode, output: shown } = await deploy({}, '--method=direct');
    expect(exitCode, shown).toBe(0);
    expect(jobs().properties['VisibilityTimeout']).toBe(30);
  });
});
