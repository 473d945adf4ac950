import { describe, expect, it } from 'vitest';
import {
  evaluate,
  evaluateConditions,
  hasUnknown,
  type Scope,
  unknown,
} from '../../../lab/aws/cloudformation/evaluate.ts';
import type { Json } from '../../../lab/aws/json.ts';

const scope: Scope = {
  parameters: new Map<string, Json>([['List', ['a', 'b']]]),
  pseudo: new Map<string, Json>([['AWS::Region', 'eu-west-3']]),
  mappings: { Sizes: { prod: { count: 500 } } },
  conditions: new Map([
    ['Yes', true],
    ['No', false],
  ]),
  zones: ['x', 'y'],
  ref: (id) => (id === 'New' ? unknown('New') : `ref-${id}`),
  getAtt: (id, name) => `${id}/${name}`,
  importValue: (name) => `imported ${name}`,
  dynamic: (reference) => `<${reference}>`,
};

/** SPEC.md, "Templates": intrinsic functions. */
describe('intrinsic functions', () => {
  it.each<[Json, Json | undefined]>([
    [{ Ref: 'AWS::Region' }, 'eu-west-3'],
    [{ Ref: 'AWS::NoValue' }, undefined],
    [{ a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
    [[1, { Ref: 'AWS::NoValue' }], [1]],
    [{ 'Fn::GetAtt': ['A', 'Arn'] }, 'A/Arn'],
    [{ 'Fn::GetAtt': 'A.Endpoint.Port' }, 'A/Endpoint.Port'],
    [{ 'Fn::Join': [',', { Ref: 'List' }] }, 'a,b'],
    [{ 'Fn::Sub': '${A} ${A.Arn} ${!Literal} ${AWS::Region}' }, 'ref-A A/Arn ${Literal} eu-west-3'],
    [{ 'Fn::Sub': ['${V}-${A}', { V: { Ref: 'AWS::Region' } }] }, 'eu-west-3-ref-A'],
    [{ 'Fn::Select': [1, { 'Fn::Split': ['|', 'p|q'] }] }, 'q'],
    [{ 'Fn::Select': ['0', { 'Fn::GetAZs': '' }] }, 'x'],
    [{ 'Fn::If': ['Yes', 1, 2] }, 1],
    [{ 'Fn::If': ['No', 1, { Ref: 'AWS::NoValue' }] }, undefined],
    [{ 'Fn::FindInMap': ['Sizes', 'prod', 'count'] }, 500],
    [{ 'Fn::FindInMap': ['Sizes', 'test', 'count', { DefaultValue: 1 }] }, 1],
    [{ 'Fn::ImportValue': { 'Fn::Sub': '${AWS::Region}-vpc' } }, 'imported eu-west-3-vpc'],
    [{ 'Fn::Base64': 'hi' }, 'aGk='],
    [{ 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }, ['10.0.0.0/24', '10.0.1.0/24']],
    [{ 'Fn::Select': [1, { 'Fn::Cidr': ['2600:1f16:aa:bb00::/56', 2, 64] }] }, '2600:1f16:aa:bb01::/64'],
    ['x {{resolve:ssm:/a}} y', 'x <ssm:/a> y'],
  ])('%j gives %j', (value, expected) => {
    expect(evaluate(value, scope)).toEqual(expected);
  });

  it.each<[string, Json]>([
    ['a function that it does not know', { 'Fn::Transform': { Name: 'x' } }],
    ['an index that is not there', { 'Fn::Select': [5, ['a']] }],
    ['a key that is in no mapping', { 'Fn::FindInMap': ['Sizes', 'test', 'count'] }],
    ['more blocks than there is room for', { 'Fn::Cidr': ['10.0.0.0/24', 3, 7] }],
    ['a list where a text belongs', { 'Fn::Sub': '${List}' }],
  ])('fails on %s', (_, value) => {
    expect(() => evaluate(value, scope)).toThrow(/Template error/);
  });

  it('carries what is not known yet through joins and selections', () => {
    const value = { 'Fn::Select': [0, { 'Fn::Split': ['/', { 'Fn::Join': ['', ['a-', { Ref: 'New' }]] }] }] };
    expect(hasUnknown(evaluate(value, scope))).toBe(true);
    expect(hasUnknown(evaluate({ Ref: 'Old' }, scope))).toBe(false);
  });

  it('works conditions out in the order in which they need each other', () => {
    const bodies = {
      Both: { 'Fn::And': [{ Condition: 'Left' }, { 'Fn::Not': [{ Condition: 'Right' }] }] },
      Left: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-3'] },
      Right: { 'Fn::Or': [{ 'Fn::Equals': ['a', 'b'] }, { 'Fn::Equals': ['a', 'c'] }] },
    };
    const done = evaluateConditions(bodies, (conditions) => ({ ...scope, conditions }));
    expect(Object.fromEntries(done)).toEqual({ Left: true, Right: false, Both: true });
  });

  it('fails on conditions in a circle', () => {
    const bodies = { A: { 'Fn::Not': [{ Condition: 'B' }] }, B: { 'Fn::Not': [{ Condition: 'A' }] } };
    expect(() => evaluateConditions(bodies, () => scope)).toThrow(/circular dependency between conditions/);
  });
});
