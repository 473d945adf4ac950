import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../../lab/aws/cloudformation/template.ts';
import { validateTemplate } from '../../../lab/aws/cloudformation/validate.ts';
import { queue } from './rig.ts';

const judge = (template: object | string): void =>
  validateTemplate(parseTemplate(typeof template === 'string' ? template : JSON.stringify(template)));

/** SPEC.md, "Templates". */
describe('templates', () => {
  it.each<[string, object | string, string | RegExp]>([
    [
      'a type that is not published',
      { Resources: { A: { Type: 'AWS::Nope::Thing' } } },
      'Unrecognized resource types: [AWS::Nope::Thing]',
    ],
    [
      'a published type that Tandem does not ship',
      { Resources: { A: { Type: 'AWS::ECS::Service' } } },
      'lab/aws does not support the resource types [AWS::ECS::Service]',
    ],
    ['no resources', { Resources: {} }, 'At least one Resources member must be defined.'],
    ['an unknown section', { Resources: { A: queue() }, Stuff: {} }, 'Invalid template property or properties [Stuff]'],
    [
      'a transform',
      { Resources: { A: queue() }, Transform: 'AWS::Serverless-2016-10-31' },
      'lab/aws runs no transforms',
    ],
    [
      'a name that is nowhere',
      { Resources: { A: queue({ QueueName: { Ref: 'Nobody' } }) } },
      'Unresolved resource dependencies [Nobody] in the Resources block',
    ],
    [
      'a DependsOn on nothing',
      { Resources: { A: { ...queue(), DependsOn: 'B' } } },
      'Unresolved resource dependencies [B]',
    ],
    [
      'a Sub of nothing',
      { Resources: { A: queue({ QueueName: { 'Fn::Sub': 'x-${Nobody.Arn}' } }) } },
      'Unresolved resource dependencies [Nobody]',
    ],
    [
      'a circle',
      { Resources: { A: { ...queue(), DependsOn: 'B' }, B: { ...queue(), DependsOn: 'A' } } },
      'Circular dependency between resources: [A, B]',
    ],
    [
      'an attribute that the type lacks',
      { Resources: { A: queue(), B: queue({ QueueName: { 'Fn::GetAtt': ['A', 'Color'] } }) } },
      'does not support attribute type Color in Fn::GetAtt',
    ],
    [
      'an unknown condition',
      { Resources: { A: { ...queue(), Condition: 'Maybe' } } },
      'Unresolved condition dependency Maybe',
    ],
    [
      'too many resources',
      { Resources: Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`Q${i}`, queue()])) },
      'Number of resources, 501, is greater than maximum allowed, 500',
    ],
    ['text that is no template', 'a: [', /not well-formed/],
    ['a logical id with a dash', { Resources: { 'a-b': queue() } }, 'Resource name a-b is non alphanumeric.'],
    [
      'an unknown resource attribute',
      { Resources: { A: { ...queue(), Colour: 1 } } },
      "Invalid template resource property 'Colour'",
    ],
  ])('fails on %s', (_, template, message) => {
    expect(() => judge(template)).toThrow(message);
  });

  it('reads YAML with short forms', () => {
    const { resources } = parseTemplate(
      'Resources:\n  A:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: !Join ["-", [!Ref AWS::StackName, !GetAtt B.QueueName]]\n',
    );
    expect(resources.get('A')?.properties).toEqual({
      QueueName: { 'Fn::Join': ['-', [{ Ref: 'AWS::StackName' }, { 'Fn::GetAtt': ['B', 'QueueName'] }]] },
    });
  });
});
