import { expect, it } from 'vitest';
import { resourceTypeOf, supportedTypes } from '../../../lab/aws/resources/types.ts';
import { names, templatesOf } from './shipped-templates.ts';

const used = (): Set<string> =>
  new Set(
    names.flatMap((name) =>
      templatesOf(name).flatMap(({ template }) => Object.values(template.Resources).map(({ Type }) => Type)),
    ),
  );

/** SPEC.md, "Resource types": those that Tandem ships and no others. */
it('knows every type of every variant of Tandem’s stacks', () => {
  expect([...used()].filter((type) => resourceTypeOf(type) === undefined)).toEqual([]);
});

it('knows no type besides those, the bootstrap’s and the CDK’s own', () => {
  // A hook of its own is how CDK's constructs write what Tandem writes inside the group.
  const others = [
    'AWS::AutoScaling::LifecycleHook',
    'AWS::CDK::Metadata',
    'AWS::ECR::Repository',
    'AWS::IAM::ManagedPolicy',
    'AWS::KMS::Alias',
  ];
  const shipped = used();
  expect(supportedTypes().filter((type) => !shipped.has(type) && !others.includes(type))).toEqual([]);
});
