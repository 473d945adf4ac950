import { CfnResource, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { type Citation, citationsOf } from '../../../lib/stack/cite.ts';
import { inputsOf, linkInputsOf, stacksOfEnvironment } from './environments.ts';

const stacks = stacksOfEnvironment('most');
const { environment } = inputsOf('most');

function resourcesOf(stack: Stack) {
  const template = Template.fromStack(stack).toJSON()['Resources'] as Record<string, { Properties: unknown }>;
  return stack.node
    .findAll()
    .filter((node) => CfnResource.isCfnResource(node))
    .map((resource) => {
      const id = stack.resolve(resource.logicalId) as string;
      return { id, properties: template[id]?.Properties, citations: citationsOf(resource) };
    });
}

/** `A.B[0].C` in properties. */
function at(properties: unknown, path: string): unknown {
  return path
    .split(/[.[\]]+/)
    .filter((part) => part !== '')
    .reduce((value, part) => (value as Record<string, unknown> | undefined)?.[part], properties);
}

const resources = stacks.flatMap(resourcesOf);

test.each(resources)('$id comes from something more precise than its file', ({ citations }) => {
  const [nearest] = citations;
  // All of an environment is `aws` or `cluster`; a link has its values at the top.
  expect(nearest?.path.length).toBeGreaterThan(nearest?.kind === 'link' ? 0 : 1);
});

const attributes = resources.flatMap(({ id, properties, citations }) =>
  citations.flatMap((each) => (each.attribute === undefined ? [] : [{ id, properties, citation: each }])),
);

test.each(attributes)('$id: $citation.attribute is an attribute that it has', ({ properties, citation }) => {
  expect(at(properties, citation.attribute ?? '')).toBeDefined();
});

test.each(attributes)('$id: $citation.attribute comes from a value that is there', ({ citation }) => {
  expect(valueOf(citation)).toBeDefined();
});

/** Attributes that hold their value in another unit or form: what they hold. */
const CONVERTED: Readonly<Record<string, unknown>> = {
  AvailabilityZone: 'eu-west-3a eu-west-3b eu-west-3c',
  'LifecycleHookSpecificationList[0].HeartbeatTimeout': 600,
  EvaluationPeriods: 5,
  MaxInstanceLifetime: 14 * 86_400,
  MessageRetentionPeriod: 14 * 86_400,
  PoolState: 'Stopped',
  [`MixedInstancesPolicy.InstancesDistribution.OnDemandPercentageAboveBaseCapacity`]: 50,
};

const scalars = attributes.filter(
  ({ id, properties, citation }) =>
    ['string', 'number', 'boolean'].includes(typeof at(properties, citation.attribute ?? '')) &&
    // Ranges that are cut from the one that is cited.
    citation.attribute?.endsWith('TunnelInsideCidr') !== true &&
    !(id.includes('Private') && citation.attribute !== 'AvailabilityZone'),
);

test.each(scalars)('$id: $citation.attribute holds that value', ({ id, properties, citation }) => {
  const held = at(properties, citation.attribute ?? '');
  const inMinutes = id.includes('OldestJob') ? 60 : 1;
  const value = CONVERTED[citation.attribute ?? ''] ?? valueOf(citation);
  if (citation.attribute === 'AvailabilityZone') expect(value).toContain(held);
  else expect(String(held)).toBe(String(typeof value === 'number' ? value * inMinutes : value));
});

function valueOf({ kind, path }: Citation): unknown {
  const { organisation, link } = linkInputsOf('most');
  const { value } = kind === 'organisation' ? organisation : kind === 'link' ? link : environment;
  return path.reduce<unknown>((inner, part) => (inner as Record<string, unknown> | undefined)?.[part], value);
}

describe('what reviewers ask for most', () => {
  const cited = (path: string) =>
    attributes
      .filter(({ citation }) => citation.path.join('.') === `cluster.${path}`)
      .map(({ id, citation }) => `${id.replace(/[0-9A-F]{8}$/, '')}.${citation.attribute ?? ''}`);

  test.each([
    ['capacity.maximum', 'ClusterFleetGroup.MaxSize'],
    ['capacity.minimum', 'ClusterFleetGroup.MinSize'],
    ['network.cidr', 'NetworkVpc.CidrBlock'],
    ['queues.jobs.visibilityTimeoutSeconds', 'ClusterQueueJobs.VisibilityTimeout'],
    ['instances.types.1', 'ClusterFleetGroup.MixedInstancesPolicy.LaunchTemplate.Overrides[1].InstanceType'],
    ['budget.monthlyUsd', 'ClusterBudget.Budget.BudgetLimit.Amount'],
  ])('%s is %s', (path, attribute) => expect(cited(path)).toContain(attribute));
});
