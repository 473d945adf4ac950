import { describe, expect, it } from 'vitest';
import type { Finding, Plan } from '../../../../lib/plan/model.ts';
import { SHIPPED_POLICIES } from '../../../../lib/review/policies/shipped.ts';
import { reviewPlan } from '../../../../lib/review/review.ts';
import { type ConfigText, type Edit, planEdit, replaceIn } from '../edited.ts';

const NOW = new Date('2026-11-28T12:00:00Z');
const PROD = 'config/environments/prod.yaml';
const PARIS = 'config/clouds/paris.yaml';
const BLUEPRINT = 'config/blueprints/bare.yaml';

async function review(edit: Edit, change: (plan: Plan) => Plan = (plan) => plan, now = NOW): Promise<Plan> {
  const { plan, project, base } = await planEdit(edit);
  const before = () => (edit.fromNothing === true ? 'absent' : base);
  return await reviewPlan(change(plan), { project, before, root: '/nowhere', now, ask: () => Promise.resolve([]) });
}

const ofRule = ({ findings }: Plan, rule: string): Finding[] => findings.filter((each) => each.rule === rule);

type Resource = { readonly Type: string; readonly Properties?: Record<string, unknown> };

/** A template with one more resource. */
const withResource =
  (resource: Resource): NonNullable<Edit['artefact']> =>
  (template) => {
    (template as unknown as { Resources: Record<string, Resource> }).Resources['Added'] = resource;
  };

/** A template in which a property of the first resource of a type is another. */
const withProperty =
  (type: string, change: (properties: Record<string, unknown>) => void): NonNullable<Edit['artefact']> =>
  (template) => {
    const all = Object.values((template as unknown as { Resources: Record<string, Resource> }).Resources);
    const found = all.find(({ Type }) => Type === type);
    if (found?.Properties === undefined) throw new Error(`no ${type}`);
    change(found.Properties);
  };

const TAGS = ['organisation', 'owner', 'environment', 'stack'].map((Key) => ({ Key, Value: 'x' }));
const edit = (change: (files: ConfigText) => void, ...stacks: Edit['stacks'][number][]): Edit => ({
  edit: change,
  stacks,
});
const added = (Type: string, Properties: Record<string, unknown>): Edit => ({
  artefact: withResource({ Type, Properties }),
  stacks: ['aws/staging/cluster'],
});
const statement = (more: object) => ({
  PolicyDocument: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*', ...more }] },
});
const remove =
  (file: string) =>
  (files: ConfigText): void => {
    Reflect.deleteProperty(files, file);
  };
const rule =
  (properties: Record<string, unknown>): NonNullable<Edit['artefact']> =>
  (root) => {
    const { resource } = root as unknown as { resource: Record<string, Record<string, unknown>> };
    resource['openstack_networking_secgroup_rule_v2'] = {
      ...resource['openstack_networking_secgroup_rule_v2'],
      added: { direction: 'ingress', ethertype: 'IPv4', protocol: 'tcp', security_group_id: 'x', ...properties },
    };
  };
const ANNA = 'openstack/paris/dev/anna' as const;

/** By policy: edits that it speaks up about, and such that it lets pass. */
const CASES: Readonly<
  Record<string, { readonly breaks: Record<string, Edit>; readonly passes: Record<string, Edit> }>
> = {
  'destroys-data': {
    breaks: {
      'a volume that goes': edit(
        (files) => replaceIn(files, BLUEPRINT, 'data: { sizeGiB: 200', 'other: { sizeGiB: 200'),
        ANNA,
      ),
      'an image that rebuilds': edit(
        (files) => replaceIn(files, 'config/dev/anna.yaml', 'blueprint: bare', 'blueprint: ds'),
        ANNA,
      ),
      'a lease that goes': edit(remove('config/dev/anna.yaml'), ANNA),
    },
    passes: {
      'a larger fleet': edit((files) => replaceIn(files, PROD, 'maximum: 500', 'maximum: 510'), 'aws/prod/cluster'),
    },
  },
  'deletes-protected': {
    breaks: { 'production that goes': edit(remove(PROD), 'aws/prod/cluster', 'aws/prod/network') },
    passes: {
      'staging that goes, which is not protected': edit(
        remove('config/environments/staging.yaml'),
        'aws/staging/cluster',
        'aws/staging/network',
      ),
      'one resource of production': edit(
        (files) =>
          replaceIn(
            files,
            PROD,
            '      evening: { recurrence: "0 20 * * 1-5", timeZone: Europe/Paris, minimum: 50 }\n',
            '',
          ),
        'aws/prod/cluster',
      ),
    },
  },
  'opens-to-world': {
    breaks: {
      'a tier that listens to the world': edit(
        (files) =>
          replaceIn(
            files,
            BLUEPRINT,
            'ssh: { tier: bastion, from: [office] }',
            'ssh: { tier: bastion, from: [world] }',
          ),
        ANNA,
      ),
      'a rule of half the internet': { artefact: rule({ remote_ip_prefix: '128.0.0.0/1' }), stacks: [ANNA] },
      'a rule without a peer': { artefact: rule({}), stacks: [ANNA] },
      IPv6: { artefact: rule({ remote_ip_prefix: '::/0', ethertype: 'IPv6' }), stacks: [ANNA] },
      'a security group of AWS': added('AWS::EC2::SecurityGroup', {
        Tags: TAGS,
        SecurityGroupIngress: [{ CidrIp: '0.0.0.0/0', IpProtocol: '-1' }],
      }),
      'a group that gets a rule': {
        artefact: withProperty('AWS::EC2::SecurityGroup', (own) => {
          own['SecurityGroupIngress'] = [{ CidrIpv6: '::/0', IpProtocol: '-1' }];
        }),
        stacks: ['aws/staging/cluster'],
      },
      'instances with public addresses': {
        artefact: withProperty('AWS::EC2::LaunchTemplate', (own) => {
          (own['LaunchTemplateData'] as { NetworkInterfaces: { AssociatePublicIpAddress: boolean }[] })
            .NetworkInterfaces[0]!.AssociatePublicIpAddress = true;
        }),
        stacks: ['aws/staging/cluster'],
      },
      'an internet-facing load balancer by default': added('AWS::ElasticLoadBalancingV2::LoadBalancer', { Tags: TAGS }),
    },
    passes: {
      'a range of one’s own': { artefact: rule({ remote_ip_prefix: '10.0.0.0/8' }), stacks: [ANNA] },
      'a rule on the way out': {
        artefact: rule({ direction: 'egress', remote_ip_prefix: '0.0.0.0/0' }),
        stacks: [ANNA],
      },
      'a way out of AWS': added('AWS::EC2::SecurityGroup', {
        Tags: TAGS,
        SecurityGroupEgress: [{ CidrIp: '0.0.0.0/0', IpProtocol: '-1' }],
      }),
    },
  },
  'public-access': {
    breaks: {
      'a bucket policy for everybody': added('AWS::S3::BucketPolicy', statement({})),
      'a queue for everybody, under a condition that narrows nothing': added(
        'AWS::SQS::QueuePolicy',
        statement({ Condition: { Bool: { 'aws:SecureTransport': true } } }),
      ),
      'everybody by their account': added(
        'AWS::S3::BucketPolicy',
        statement({ Principal: { AWS: ['arn:aws:iam::1:root', '*'] } }),
      ),
      'everybody but one': added('AWS::S3::BucketPolicy', {
        PolicyDocument: { Statement: [{ Effect: 'Allow', NotPrincipal: { AWS: 'x' }, Action: '*', Resource: '*' }] },
      }),
      'a bucket that lets policies be public': {
        artefact: withProperty('AWS::S3::Bucket', (own) => {
          (own['PublicAccessBlockConfiguration'] as Record<string, unknown>)['BlockPublicPolicy'] = false;
        }),
        stacks: ['aws/staging/cluster'],
      },
      'a bucket without its block': {
        artefact: withProperty('AWS::S3::Bucket', (own) => {
          own['PublicAccessBlockConfiguration'] = undefined;
        }),
        stacks: ['aws/staging/cluster'],
      },
      'an ACL': added('AWS::S3::Bucket', { Tags: TAGS, AccessControl: 'PublicRead', BucketEncryption: {} }),
      'a principal that becomes everybody': {
        artefact: withProperty('AWS::SQS::QueuePolicy', (own) => {
          (own['PolicyDocument'] as { Statement: { Effect: string; Principal: unknown }[] }).Statement.push({
            Effect: 'Allow',
            Principal: { AWS: '*' },
          });
        }),
        stacks: ['aws/staging/cluster'],
      },
      'a function for everybody': added('AWS::Lambda::Permission', {
        Principal: '*',
        Action: 'lambda:InvokeFunction',
        FunctionName: 'f',
      }),
    },
    passes: {
      'everybody of the organisation': added(
        'AWS::S3::BucketPolicy',
        statement({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }),
      ),
      'a denial for everybody': added('AWS::S3::BucketPolicy', statement({ Effect: 'Deny' })),
      'a service': added('AWS::SQS::QueuePolicy', statement({ Principal: { Service: 'events.amazonaws.com' } })),
      'an endpoint of a network of one’s own': added('AWS::EC2::VPCEndpoint', statement({})),
    },
  },
  unencrypted: {
    breaks: {
      'a volume': added('AWS::EC2::Volume', { Tags: TAGS, Size: 10 }),
      'a volume by word': added('AWS::EC2::Volume', { Tags: TAGS, Size: 10, Encrypted: 'false' }),
      'a topic': added('AWS::SNS::Topic', { Tags: TAGS }),
      'a queue': added('AWS::SQS::Queue', { Tags: TAGS, SqsManagedSseEnabled: false }),
      'a database': added('AWS::RDS::DBInstance', { Tags: TAGS, StorageEncrypted: false }),
      'disks of the fleet': {
        artefact: withProperty('AWS::EC2::LaunchTemplate', (own) => {
          (own['LaunchTemplateData'] as { BlockDeviceMappings: { Ebs: { Encrypted: boolean } }[] })
            .BlockDeviceMappings[0]!.Ebs.Encrypted = false;
        }),
        stacks: ['aws/staging/cluster'],
      },
      'a topic that loses its key': {
        artefact: withProperty('AWS::SNS::Topic', (own) => {
          own['KmsMasterKeyId'] = undefined;
        }),
        stacks: ['aws/staging/cluster'],
      },
      'a volume of a type in clear, where there is a better one': {
        edit: (files) => {
          replaceIn(files, PARIS, '  volumeTypes:\n', '  volumeTypes:\n    safe: { encrypted: true }\n');
          replaceIn(
            files,
            'config/prices/paris.yaml',
            'volumeGiB: { standard: 0.08 }',
            'volumeGiB: { safe: 0.1, standard: 0.08 }',
          );
          replaceIn(files, BLUEPRINT, 'data: { sizeGiB: 200', 'data: { type: standard, sizeGiB: 200');
        },
        stacks: [ANNA],
        fromNothing: true,
      },
    },
    passes: {
      'an encrypted volume': added('AWS::EC2::Volume', { Tags: TAGS, Encrypted: true }),
      'a member of a database cluster': added('AWS::RDS::DBInstance', { Tags: TAGS, DBClusterIdentifier: 'c' }),
      'what is shipped, anew': { stacks: ['aws/prod/cluster', 'aws/prod/network', ANNA], fromNothing: true },
    },
  },
  'encryption-by-default': {
    breaks: {
      'a bucket': added('AWS::S3::Bucket', { Tags: TAGS }),
      'a queue': added('AWS::SQS::Queue', { Tags: TAGS }),
    },
    passes: { 'what is shipped, anew': { stacks: ['aws/prod/cluster'], fromNothing: true } },
  },
  untagged: {
    breaks: {
      'a bucket of nobody': added('AWS::S3::Bucket', { BucketEncryption: {} }),
      'a queue that lacks its owner': added('AWS::SQS::Queue', {
        SqsManagedSseEnabled: true,
        Tags: TAGS.filter(({ Key }) => Key !== 'owner'),
      }),
      'a bucket that loses its tags': {
        artefact: withProperty('AWS::S3::Bucket', (own) => {
          own['Tags'] = undefined;
        }),
        stacks: ['aws/staging/cluster'],
      },
    },
    passes: {
      'what is shipped, anew': {
        stacks: ['aws/prod/cluster', 'aws/prod/network', ANNA, 'openstack/paris/base'],
        fromNothing: true,
      },
    },
  },
  'replaces-fleet': {
    breaks: {
      'the name of the organisation, which groups have in theirs': edit(
        (files) => replaceIn(files, 'config/tandem.yaml', 'name: acme', 'name: acmf'),
        'aws/prod/cluster',
      ),
    },
    passes: {
      'a launch template that running instances do not follow': edit(
        (files) => replaceIn(files, 'config/environments/base.yaml', 'rootVolumeGiB: 30', 'rootVolumeGiB: 50'),
        'aws/prod/cluster',
      ),
    },
  },
  'over-budget': {
    breaks: {
      'a fleet': edit((files) => replaceIn(files, PROD, 'maximum: 500', 'maximum: 900'), 'aws/prod/cluster'),
      'a lease': {
        edit: (files) => {
          replaceIn(files, 'config/tandem.yaml', 'currency: EUR', 'currency: EUR\npolicies: { leaseMonthly: 100 }');
        },
        stacks: [ANNA],
        fromNothing: true,
      },
      'all leases together': {
        edit: (files) => {
          replaceIn(
            files,
            'config/tandem.yaml',
            'currency: EUR',
            'currency: EUR\npolicies: { organisationMonthly: 1000 }',
          );
        },
        stacks: [ANNA],
        fromNothing: true,
      },
    },
    passes: {
      'a fleet within its budget': edit(
        (files) => replaceIn(files, PROD, 'maximum: 500', 'maximum: 510'),
        'aws/prod/cluster',
      ),
      'a smaller fleet above it': {
        edit: (files) => {
          replaceIn(files, PROD, 'monthlyUsd: 60000', 'monthlyUsd: 100');
          replaceIn(files, PROD, 'maximum: 500', 'maximum: 400');
        },
        stacks: ['aws/prod/cluster'],
      },
    },
  },
  'stale-prices': {
    breaks: {
      'prices of long ago': {
        edit: (files) => {
          replaceIn(files, 'config/prices/aws.yaml', 'asOf: 2026-11-02', 'asOf: 2024-01-02');
          replaceIn(files, PROD, 'maximum: 500', 'maximum: 510');
        },
        stacks: ['aws/prod/cluster'],
      },
    },
    passes: {
      'prices of this month': edit(
        (files) => replaceIn(files, PROD, 'maximum: 500', 'maximum: 510'),
        'aws/prod/cluster',
      ),
    },
  },
};

describe.each(Object.entries(CASES))('%s', (id, { breaks, passes }) => {
  it.each(Object.entries(breaks))('speaks up about %s', async (_, each) => {
    const found = ofRule(await review(each), id);
    expect(found).not.toEqual([]);
    const policy = SHIPPED_POLICIES.find((own) => own.id === id);
    for (const finding of found) expect(finding).toMatchObject({ level: policy?.level, owner: null });
  });

  it.each(Object.entries(passes))('lets %s pass', async (_, each) => {
    expect(ofRule(await review(each), id)).toEqual([]);
  });
});

describe('what is shipped, planned against itself', () => {
  it('has no finding, whatever stands there', async () => {
    const stacks = ['aws/prod/cluster', 'aws/prod/network', 'openstack/paris/base', ANNA] as const;
    expect((await review({ stacks })).findings).toEqual([]);
  });
});

describe('reverts-deploy', () => {
  const ahead = { commit: '1234567890abcdef', by: 'anna@example.org', at: '2026-11-27T10:00:00Z' };
  const larger = edit((files) => replaceIn(files, PROD, 'maximum: 500', 'maximum: 510'), 'aws/prod/cluster');

  it('names who deployed what is taken back', async () => {
    const plan = await review(larger, (own) => ({ ...own, stacks: own.stacks.map((stack) => ({ ...stack, ahead })) }));
    expect(ofRule(plan, 'reverts-deploy')).toMatchObject([
      {
        stack: 'aws/prod/cluster',
        reason: 'anna@example.org deployed 1234567890 on 2026-11-27, which this checkout does not have',
      },
    ]);
  });

  it('is silent where nothing is taken back', async () => {
    expect(ofRule(await review(larger), 'reverts-deploy')).toEqual([]);
  });
});

describe('levels', () => {
  const withLevel = (level: string): Edit => ({
    edit: (files) =>
      replaceIn(
        files,
        'config/tandem.yaml',
        'currency: EUR',
        `currency: EUR\npolicies: { levels: { unencrypted: ${level} } }`,
      ),
    artefact: withResource({ Type: 'AWS::EC2::Volume', Properties: { Tags: TAGS } }),
    stacks: ['aws/staging/cluster'],
  });

  it('are the project’s choice', async () => {
    expect(ofRule(await review(withLevel('off')), 'unencrypted')).toEqual([]);
    expect(ofRule(await review(withLevel('warn')), 'unencrypted')).toMatchObject([{ level: 'warn' }]);
  });

  it('decide what becomes of the plan, and are shown at the change', async () => {
    const plan = await review(withLevel('deny'));
    expect(plan.outcome).toBe('policy-denied');
    expect(plan.stacks[0]?.changes.find(({ address }) => address === 'Added')?.findings).toEqual(['unencrypted']);
    expect((await review(withLevel('warn'))).outcome).toBe('changed');
  });
});
