import { describe, expect, it } from 'vitest';
import { diffCloudFormation } from '../../../../lib/engines/cloudformation/difference.ts';

type Json = Readonly<Record<string, unknown>>;

const template = (resources: Json, rest: Json = {}): string => JSON.stringify({ ...rest, Resources: resources });
const bucket = (properties: Json = {}, rest: Json = {}): Json => ({
  Type: 'AWS::S3::Bucket',
  Properties: properties,
  ...rest,
});

describe('the difference of CloudFormation templates', () => {
  it('is empty for the same template', async () => {
    const text = template({ B: bucket({ BucketName: 'a' }) });
    expect(await diffCloudFormation(text, text)).toEqual([]);
    expect(await diffCloudFormation(text, JSON.stringify(JSON.parse(text), null, 2))).toEqual([]);
  });

  it('replaces by the rules of the service, and cautions before data is lost', async () => {
    const changes = await diffCloudFormation(
      template({ B: bucket({ BucketName: 'a' }) }),
      template({ B: bucket({ BucketName: 'b' }) }),
    );
    expect(changes).toMatchObject([
      { address: 'B', action: 'replace', attributes: [{ path: 'BucketName', forcesReplacement: true }] },
    ]);
    expect(changes[0]?.reasons[0]).toBe('CAUTION: it takes the objects in the bucket with it');
  });

  it('removes from the stack what is retained', async () => {
    const retained = template({ B: bucket({}, { DeletionPolicy: 'Retain' }) });
    expect(await diffCloudFormation(retained, template({}))).toMatchObject([{ action: 'forget' }]);
    expect(await diffCloudFormation(retained, undefined)).toMatchObject([{ action: 'forget' }]);
    expect(await diffCloudFormation(retained, template({ B: bucket() }))).toMatchObject([
      { action: 'update', reasons: ['CAUTION: from now on, removing it deletes it'] },
    ]);
  });

  it('folds metadata, order and content hashes, and counts them', async () => {
    const before = (metadata: Json, extra: Json = {}) => template({ B: bucket(extra, { Metadata: metadata }) });
    expect(await diffCloudFormation(before({ 'aws:cdk:path': 'x' }), before({ 'aws:cdk:path': 'y' }))).toMatchObject([
      { noise: true, reasons: ['only metadata differ'] },
    ]);
    const code = (hash: string) =>
      template({ F: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Key: `${hash.repeat(32)}.zip` } } } });
    expect(await diffCloudFormation(code('ab'), code('cd'))).toMatchObject([
      { noise: true, reasons: ['only content hashes differ'] },
    ]);
    const tags = (...names: string[]) => before({}, { Tags: names.map((Key) => ({ Key, Value: '1' })) });
    expect((await diffCloudFormation(tags('a', 'b'), tags('b', 'a'))).every((change) => change.noise)).toBe(true);
  });

  describe('in what reads a changed resource', () => {
    it('renews the policy of a replaced queue', async () => {
      const queue = (name: string): string =>
        template({
          Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: name } },
          Policy: {
            Type: 'AWS::SQS::QueuePolicy',
            Properties: { Queues: [{ Ref: 'Jobs' }], PolicyDocument: { Statement: [] } },
          },
        });
      expect(await diffCloudFormation(queue('a'), queue('b'))).toMatchObject([
        { address: 'Jobs', action: 'replace' },
        { address: 'Policy', action: 'update', attributes: [{ path: 'Queues.0', afterUnknown: true }] },
      ]);
    });

    it('says where a policy cannot be read', async () => {
      const role = (path: string): string =>
        template({
          R: {
            Type: 'AWS::IAM::ManagedPolicy',
            Properties: { Path: path, Users: [{ Ref: 'Somebody' }], PolicyDocument: undefined },
          },
        });
      const [change] = await diffCloudFormation(role('/a/'), role('/b/'));
      expect(change).toMatchObject({ address: 'R', action: 'replace' });
      expect(change?.reasons).toContain('who it lets do what cannot be read from it');
    });

    const network = (cidr: string): string =>
      template(
        {
          Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: cidr } },
          Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' } },
          Id: {
            Type: 'AWS::SSM::Parameter',
            Properties: { Name: '/subnet', Type: 'String', Value: { 'Fn::Sub': 'x ${Subnet}' } },
          },
          Name: {
            Type: 'AWS::SSM::Parameter',
            Properties: { Name: { 'Fn::Sub': '/${Vpc}/n' }, Type: 'String', Value: 'v' },
          },
          Other: {
            Type: 'AWS::SSM::Parameter',
            Properties: { Name: '/o', Type: 'String', Value: { 'Fn::Sub': '${!Vpc}' } },
          },
        },
        { Outputs: { Subnet: { Value: { Ref: 'Subnet' } } } },
      );

    it('lists what carries new ids, and replaces what cannot take them in place', async () => {
      const changes = await diffCloudFormation(network('10.0.0.0/16'), network('10.1.0.0/16'));
      expect(changes.map(({ address, action }) => [address, action])).toEqual([
        ['Id', 'update'],
        ['Name', 'replace'],
        ['Outputs.Subnet', 'update'],
        ['Subnet', 'replace'],
        ['Vpc', 'replace'],
      ]);
      expect(changes[0]).toMatchObject({
        reasons: ['refers to Subnet, which is replaced'],
        attributes: [{ path: 'Value', afterUnknown: true, forcesReplacement: false }],
      });
      expect(changes[1]?.attributes).toMatchObject([{ path: 'Name', afterUnknown: true, forcesReplacement: true }]);
    });

    const fleet = (
      size: number,
      policy: Json = {},
      version: unknown = { 'Fn::GetAtt': ['T', 'LatestVersionNumber'] },
    ) =>
      template({
        T: { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData: { UserData: `${size}`.repeat(40) } } },
        G: {
          Type: 'AWS::AutoScaling::AutoScalingGroup',
          Properties: { LaunchTemplate: { LaunchTemplateId: { Ref: 'T' }, Version: version } },
          UpdatePolicy: policy,
        },
      });

    it.each<[string, Json, string]>([
      ['no policy', {}, 'running instances stay as they were launched, until they are replaced'],
      [
        'a rolling update',
        { AutoScalingRollingUpdate: { MaxBatchSize: 5, MinInstancesInService: 40 } },
        'CAUTION: running instances are replaced, 5 at once, with at least 40 in service (AutoScalingRollingUpdate)',
      ],
      [
        'an instance refresh',
        { AutoScalingInstanceRefresh: { Strategy: 'Rolling', Preferences: { MinHealthyPercentage: 90 } } },
        'CAUTION: running instances are replaced by an instance refresh, with 90 to 110 % of them healthy; the deploy waits for its end (AutoScalingInstanceRefresh)',
      ],
      [
        'an instance refresh in place',
        { AutoScalingInstanceRefresh: { Strategy: 'ReplaceRootVolume' } },
        'CAUTION: root volumes of running instances are replaced by an instance refresh, with 90 to 100 % of them healthy; the deploy waits for its end (AutoScalingInstanceRefresh)',
      ],
      [
        'a replacing update',
        { AutoScalingReplacingUpdate: { WillReplace: true } },
        'CAUTION: the group is replaced as a whole, and all its instances with it (AutoScalingReplacingUpdate)',
      ],
    ])(
      'says what a group that follows the latest template does to running instances: %s',
      async (_name, policy, text) => {
        const changes = await diffCloudFormation(fleet(3, policy), fleet(4, policy));
        expect(changes.map(({ address, action, noise }) => [address, action, noise])).toEqual([
          ['G', 'update', false],
          ['T', 'update', false],
        ]);
        expect(changes[0]?.reasons).toEqual(['refers to T, which changes', text]);
        expect(changes[0]?.attributes.map(({ path }) => path)).toEqual(['LaunchTemplate.Version']);
      },
    );

    it('leaves a group alone that names a version', async () => {
      const at = (size: number) => fleet(size, {}, '1');
      expect((await diffCloudFormation(at(3), at(4))).map(({ address }) => address)).toEqual(['T']);
    });

    it('follows parameters and conditions, and hides what is not echoed', async () => {
      const at = (value: string) =>
        template(
          {
            Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'P' } } },
            T: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { 'Fn::If': ['C', 'a', 'b'] } } },
          },
          {
            Parameters: { P: { Type: 'String', Default: value, NoEcho: true } },
            Conditions: { C: { 'Fn::Equals': [{ Ref: 'P' }, 'x'] } },
          },
        );
      const changes = await diffCloudFormation(at('x'), at('y'));
      expect(changes.map(({ address, action }) => [address, action])).toEqual([
        ['Conditions.C', 'update'],
        ['Parameters.P', 'update'],
        ['Q', 'replace'],
        ['T', 'update'],
      ]);
      expect(JSON.stringify(changes[1]?.attributes)).not.toMatch(/"[xy]"/);
    });
  });

  it('calls out whoever may do more', async () => {
    const policy = (action: string) =>
      template({
        P: {
          Type: 'AWS::IAM::Policy',
          Properties: {
            PolicyName: 'p',
            Roles: ['r'],
            PolicyDocument: { Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] },
          },
        },
      });
    const [change] = await diffCloudFormation(policy('s3:GetObject'), policy('s3:*'));
    expect(change?.reasons.join()).toContain('broadens access: allows');
    expect(change?.reasons.join()).toContain('s3:*');
  });

  it('shows one rule that opens as one change, and says who gets in', async () => {
    const rule = (port: number, from: string) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port, CidrIp: from });
    const group = (...rules: Json[]) =>
      template({
        G: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'd', SecurityGroupIngress: rules } },
      });
    const four = [rule(22, '10.0.0.0/8'), rule(80, '0.0.0.0/0'), rule(443, '0.0.0.0/0')];
    const [change, ...rest] = await diffCloudFormation(group(...four), group(rule(8080, '0.0.0.0/0'), ...four));
    expect(rest).toEqual([]);
    expect(change?.attributes).toMatchObject([{ path: 'SecurityGroupIngress.0', before: null }]);
    expect(change?.reasons.join()).toMatch(/broadens access: allows ingress from .* on TCP 8080/);
  });

  it('compares outputs, parameters and conditions as well', async () => {
    const at = (value: string) =>
      template({}, { Outputs: { Url: { Value: value } }, Parameters: { Size: { Type: 'Number', Default: value } } });
    expect(
      (await diffCloudFormation(at('1'), at('2'))).map((change) => [change.address, change.type, change.action]),
    ).toEqual([
      ['Outputs.Url', 'output', 'update'],
      ['Parameters.Size', 'parameter', 'update'],
    ]);
    const exported = template({}, { Outputs: { Url: { Value: 'x', Export: { Name: 'u' } } } });
    expect((await diffCloudFormation(exported, template({})))[0]?.reasons).toEqual([
      'its export is removed, and other stacks may import it',
    ]);
  });

  it('hints where a logical id changed', async () => {
    const changes = await diffCloudFormation(
      template({ A: bucket({ BucketName: 'x' }) }),
      template({ B: bucket({ BucketName: 'x' }) }),
    );
    expect(changes.find((change) => change.address === 'A')?.reasons.at(-1)).toMatch(/^looks renamed to B/);
  });
});
