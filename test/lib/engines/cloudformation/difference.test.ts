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
