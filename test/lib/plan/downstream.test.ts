import { describe, expect, it } from 'vitest';
import type { Project } from '../../../lib/config/project.ts';
import { difference, exchange } from '../../../lib/engines/plugins.ts';
import type { Plan } from '../../../lib/plan/model.ts';
import { planOffline } from '../../../lib/plan/plan.ts';
import type { StackId } from '../../../lib/stack/id.ts';
import { digestOf, type SynthesizedStack } from '../../../lib/stack/synthesized.ts';
import { memoryGit } from '../git/memory-git.ts';
import { edited, planEdit, shippedFiles, stackOf } from './edited-project.ts';

const PROD = 'config/environments/prod.yaml';
const PARIS = 'config/clouds/paris.yaml';
const files = shippedFiles();

describe('a stack behind one that changes', () => {
  it('is planned again where its network is replaced, with the parameters that carry new ids', async () => {
    const after = edited(files, {
      [PROD]: (text) => text.replace(/cidr: 10\.\d+\.0\.0\/(\d+)/, 'cidr: 10.200.0.0/$1'),
    });
    const plan = await planEdit({ before: files, after, only: 'aws/prod/*' });
    const [network, cluster] = [stackOf(plan, 'aws/prod/network'), stackOf(plan, 'aws/prod/cluster')];
    const given = network.changes.filter(({ type }) => type === 'AWS::SSM::Parameter');
    expect(given.length).toBeGreaterThan(1);
    expect(cluster.status).toBe('changed');
    expect(cluster.after).toEqual([
      {
        stack: 'aws/prod/network',
        reason: expect.stringMatching(/^\d+ replaced.* there; it gives another ssm:\/tandem/),
      },
    ]);
    const parameters = cluster.changes.filter(({ type }) => type === 'parameter').map(({ address }) => address);
    expect(parameters).toEqual(expect.arrayContaining(['Parameters.SubnetIds', 'Parameters.VpcId']));
    const group = cluster.changes.find(({ type }) => type === 'AWS::EC2::SecurityGroup');
    expect(group).toMatchObject({
      action: 'replace',
      reasons: expect.arrayContaining(['refers to Parameters.VpcId, which changes']),
    });
  });

  it('stays unchanged where nothing that it reads changes', async () => {
    const after = edited(files, {
      [PARIS]: (text) => `${text}\n`.replace('description: Private cloud', 'description: A private cloud'),
    });
    const plan = await planEdit({ before: files, after, only: 'openstack/paris/{base,dev/anna}' });
    expect(stackOf(plan, 'openstack/paris/dev/anna')).toMatchObject({ status: 'unchanged' });
    expect(stackOf(plan, 'openstack/paris/dev/anna').after).toBeUndefined();
  });
});

const project = { clouds: new Map() } as unknown as Project;

/** Stacks of one engine, planned from one set of artefacts to another. */
async function planArtefacts(
  engine: string,
  before: Readonly<Record<string, object>>,
  after: Readonly<Record<string, object>>,
): Promise<Plan> {
  const stackFrom = ([id, artefact]: [string, object], dependsOn: StackId[]): SynthesizedStack => {
    const text = JSON.stringify(artefact);
    const head = { id: id as StackId, engine, dependsOn, unresolvedInputs: [], files: [], target: {}, citations: {} };
    return { ...head, text, digest: digestOf(text) };
  };
  const ids = Object.keys(after) as StackId[];
  const old = Object.entries(before).map((entry) => ({ ...stackFrom(entry, []), commit: '' }));
  const stacks = Object.entries(after).map((entry) => stackFrom(entry, ids));
  const base = { kind: 'record', ref: '', stacks: new Map(old.map((each) => [each.id, each])) } as const;
  return await planOffline({ project, stacks, gone: [], base, git: memoryGit(), difference, exchange });
}

const NETWORK = 'openstack_networking_network_v2';
const SUBNET = 'openstack_networking_subnet_v2';

describe('names that stacks give and take', () => {
  /** `a` makes a subnet, `b` looks it up and makes a port's network from it, `c` looks that up. */
  const roots = (cidr: string) => ({
    'custom/a': {
      resource: { [SUBNET]: { own: { name: 'office', cidr, network_id: 'n1' } } },
    },
    'custom/b': {
      data: { [SUBNET]: { office: { name: 'office' } } },
      resource: {
        openstack_networking_router_interface_v2: {
          own: { router_id: 'r1', subnet_id: `\${data.${SUBNET}.office.id}` },
        },
      },
      output: { interface: { value: '${openstack_networking_router_interface_v2.own.id}' } },
      terraform: { backend: { local: { path: 'b.tfstate' } } },
    },
    'custom/c': {
      data: { terraform_remote_state: { b: { backend: 'local', config: { path: 'b.tfstate' } } } },
      resource: {
        [NETWORK]: { own: { name: 'n', description: '${data.terraform_remote_state.b.outputs.interface}' } },
      },
    },
    'custom/d': { resource: { [NETWORK]: { other: { name: 'office' } } } },
  });

  it('reach through look-ups and outputs, as far as they go, and nothing else', async () => {
    const { stacks } = await planArtefacts('terraform', roots('10.0.0.0/24'), roots('10.0.1.0/24'));
    const told = stacks.map(({ id, status, after = [], changes }) => ({
      id,
      status,
      after: after.map(({ stack }) => stack),
      changes: changes.map(({ action, address }) => `${action} ${address}`),
    }));
    expect(told).toMatchObject([
      { id: 'custom/a', status: 'changed', after: [], changes: [`replace ${SUBNET}.own`] },
      { id: 'custom/b', status: 'changed', after: ['custom/a'] },
      { id: 'custom/c', status: 'changed', after: ['custom/b'] },
      { id: 'custom/d', status: 'unchanged', after: [] },
    ]);
    expect(told[1]?.changes).toContain('replace openstack_networking_router_interface_v2.own');
    expect(told[2]?.changes).toContain(`update ${NETWORK}.own`);
  });

  it('are exports and imports of CloudFormation as well', async () => {
    const templates = (cidr: string) => ({
      'custom/vpc': {
        Resources: { Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: cidr } } },
        Outputs: { VpcId: { Value: { Ref: 'Vpc' }, Export: { Name: 'acme-vpc' } } },
      },
      'custom/reader': {
        Resources: {
          Group: {
            Type: 'AWS::EC2::SecurityGroup',
            Properties: { GroupDescription: 'g', VpcId: { 'Fn::ImportValue': 'acme-vpc' } },
          },
        },
      },
    });
    const { stacks } = await planArtefacts('cloudformation', templates('10.0.0.0/16'), templates('10.1.0.0/16'));
    const reader = stacks.find(({ id }) => id === 'custom/reader');
    expect(reader?.after).toEqual([
      { stack: 'custom/vpc', reason: '1 replaced there; it gives another export:acme-vpc' },
    ]);
    expect(reader?.changes.map(({ address }) => address)).toContain('Imports.acme-vpc');
    expect(reader?.changes).toContainEqual(expect.objectContaining({ address: 'Group', action: 'replace' }));
  });
});
