import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { environments, stacksOfEnvironment } from './environments.ts';

/** What CloudFormation cannot tag, and whose it then is. */
const UNTAGGABLE: Readonly<Record<string, string>> = {
  'AWS::AutoScaling::ScalingPolicy': 'its group',
  'AWS::AutoScaling::ScheduledAction': 'its group',
  'AWS::AutoScaling::WarmPool': 'its group',
  'AWS::EC2::Route': 'its route table',
  'AWS::EC2::SubnetRouteTableAssociation': 'its subnet',
  'AWS::EC2::VPCCidrBlock': 'its VPC',
  'AWS::EC2::VPCGatewayAttachment': 'its VPC',
  'AWS::EC2::VPNGatewayRoutePropagation': 'its gateway',
  'AWS::IAM::InstanceProfile': 'its role',
  'AWS::IAM::ManagedPolicy': 'its name',
  'AWS::IAM::Policy': 'its role',
  'AWS::Lambda::EventInvokeConfig': 'its function',
  'AWS::Lambda::Permission': 'its function',
  'AWS::Logs::MetricFilter': 'its log group',
  'AWS::Logs::ResourcePolicy': 'its name',
  'AWS::Route53Resolver::ResolverRuleAssociation': 'its rule',
  'AWS::S3::BucketPolicy': 'its bucket',
  'AWS::SNS::Subscription': 'its topic',
  'AWS::SNS::TopicPolicy': 'its topic',
  'AWS::SQS::QueuePolicy': 'its queue',
};

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** Tags of a resource, however its type spells them. */
function tagsOf({ Properties }: Resource): Record<string, string> {
  const specified = (Properties['TagSpecifications'] as { Tags: unknown }[] | undefined)?.[0]?.Tags;
  const tags = Properties['Tags'] ?? Properties['HostedZoneTags'] ?? Properties['ResourceTags'] ?? specified ?? [];
  if (!Array.isArray(tags)) return tags as Record<string, string>;
  return Object.fromEntries((tags as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]));
}

describe.each(Object.keys(environments) as (keyof typeof environments)[])('environment "%s"', (name) => {
  const resources = stacksOfEnvironment(name).flatMap((stack) =>
    Object.entries(Template.fromStack(stack).toJSON()['Resources'] as Record<string, Resource>).map(
      ([id, resource]) => ({ id, resource, stack: stack.stackName }),
    ),
  );
  const taggable = resources.filter(({ resource }) => !(resource.Type in UNTAGGABLE));

  test.each(taggable)('$stack $id says whose it is', ({ resource, stack }) => {
    expect(tagsOf(resource)).toMatchObject({
      organisation: 'acme',
      owner: 'cloud@acme.example.org',
      environment: name,
      stack,
    });
  });

  test('nothing that is called untaggable has tags after all', () => {
    const tagged = resources.filter(({ resource }) => resource.Type in UNTAGGABLE && 'Tags' in resource.Properties);
    expect(tagged.map(({ id }) => id)).toEqual([]);
  });
});

test("an environment's own tags are on everything as well", () => {
  const [network] = stacksOfEnvironment('most');
  const [vpc] = Object.values(Template.fromStack(network!).findResources('AWS::EC2::VPC')) as Resource[];
  expect(tagsOf(vpc!)).toMatchObject({ costcentre: 'c-17' });
});

test('stacks are protected unless somebody chose otherwise', () => {
  expect(stacksOfEnvironment('least').map((stack) => stack.terminationProtection)).toEqual([true, true, true]);
});
