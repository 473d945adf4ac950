import type { ResourceChange } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { toChanges } from '../../../../lib/engines/cloudformation/change-set-plan.ts';
import { diffCloudFormation } from '../../../../lib/engines/cloudformation/difference.ts';
import type { Change } from '../../../../lib/plan/model.ts';
import { firstHidden } from '../../../../lib/text/printable.ts';
import { allFormats } from '../../plan/render/all-formats.ts';

const SECRET = 'never-to-be-seen';
const HOSTILE = '\u001b[2J\u202e```</details><script>alert(1)</script>';

const template = (properties: object = {}, rest: object = {}, type = 'AWS::SQS::Queue'): string =>
  JSON.stringify({ Resources: { R: { Type: type, Properties: properties } }, ...rest });

const detail = (Name: string, BeforeValue?: string, AfterValue?: string, more: object = {}) => ({
  ...{ Evaluation: 'Static', ChangeSource: 'DirectModification', ...more },
  Target: {
    Attribute: 'Properties',
    Name,
    Path: `/Properties/${Name}`,
    RequiresRecreation: 'Never',
    BeforeValue,
    AfterValue,
  },
});

const told = (more: object): ResourceChange => ({
  Action: 'Modify',
  LogicalResourceId: 'R',
  ResourceType: 'AWS::SQS::Queue',
  Replacement: 'False',
  ...more,
});

async function planned(change: ResourceChange, before = template(), after = template()) {
  const { changes, drift } = await toChanges([change], before, after);
  const stack = { id: 'aws/prod/cluster', engine: 'cloudformation', status: 'changed', changes, drift } as const;
  const formats = allFormats([{ ...stack, unresolvedInputs: [] }]);
  for (const [format, text] of Object.entries(formats)) {
    expect(text, format).not.toContain(SECRET);
    expect(firstHidden(text), format).toBeUndefined();
  }
  return { change: changes.find(({ address }) => address === change.LogicalResourceId) as Change, drift, ...formats };
}

const LONG = 'x'.repeat(500);

describe('a change set', () => {
  it.each([
    ['Add', { Action: 'Add' }, 'create', []],
    ['Modify', {}, 'update', []],
    [
      'Modify with replacement',
      { Replacement: 'True' },
      'replace',
      ['CAUTION: it takes the messages in the queue with it'],
    ],
    [
      'Modify with conditional replacement',
      { Replacement: 'Conditional' },
      'replace',
      [
        'CAUTION: it takes the messages in the queue with it',
        'CloudFormation decides at deployment whether it is replaced',
      ],
    ],
    [
      'replacement that keeps the old one',
      { Replacement: 'True', PolicyAction: 'ReplaceAndRetain' },
      'replace',
      ['the old one stays in the account, outside any stack'],
    ],
    ['Remove', { Action: 'Remove' }, 'delete', ['CAUTION: it takes the messages in the queue with it']],
    [
      'Remove of what is retained',
      { Action: 'Remove', PolicyAction: 'Retain' },
      'forget',
      ['it stays in the account, and is removed from the stack'],
    ],
    ['Import', { Action: 'Import', PhysicalResourceId: 'q-1' }, 'import', ['exists as q-1 and is imported']],
    ['Dynamic', { Action: 'Dynamic' }, 'update', ['CAUTION: CloudFormation decides at deployment what happens to it']],
    [
      'an action that is not known',
      { Action: 'Melt' },
      'update',
      ['CAUTION: CloudFormation decides at deployment what happens to it'],
    ],
    [
      'SyncWithActual',
      { Action: 'SyncWithActual' },
      'update',
      ['it was changed outside to what is wanted now, and is left as it is'],
    ],
    [
      'a stack of its own',
      { ResourceType: 'AWS::CloudFormation::Stack' },
      'update',
      ['it is a stack of its own: what happens in it is not shown'],
    ],
  ])('with %s', async (_name, more, action, reasons) => {
    const { change, text, markdown } = await planned(told(more));
    expect(change).toMatchObject({ action, reasons });
    expect(change.noise).toBe(action === 'update' && 'Action' in more && more.Action === 'SyncWithActual');
    if (!change.noise && action !== 'create')
      for (const each of [text, markdown]) expect(each).toMatch(new RegExp(action === 'update' ? '~|update' : action));
  });

  it('says of values that were cut that they differ', async () => {
    const { change, markdown } = await planned(told({ Details: [detail('RedrivePolicy', LONG, LONG)] }));
    const words = 'CloudFormation shows only the beginning, which is the same';
    expect(change.reasons).toEqual([`/Properties/RedrivePolicy: ${words}`]);
    expect(markdown).toContain(words);
    expect((await planned(told({ Details: [detail('Name', 'a', 'b')] }))).change.reasons).toEqual([]);
  });

  it('shows JSON that was cut as the text that is left of it', async () => {
    const { change } = await planned(told({ Details: [detail('Tags', '[{"Key":"a","Val', '[{"Key":"b","Val')] }));
    expect(change.attributes).toMatchObject([{ path: 'Tags', before: '[{"Key":"a","Val', after: '[{"Key":"b","Val' }]);
  });

  it('knows what is known only at deployment', async () => {
    const details = [
      detail('A', 'old', '{{changeSet:KNOWN_AFTER_APPLY}}'),
      detail('B', 'old', 'old', { Evaluation: 'Dynamic' }),
      detail('C', 'old', undefined, { Evaluation: 'Dynamic' }),
      detail('D', 'old', 'new', { Evaluation: 'Dynamic' }),
    ];
    const { change } = await planned(told({ Details: details }));
    expect(change.attributes.map(({ path, after, afterUnknown }) => [path, after, afterUnknown])).toEqual([
      ['A', null, true],
      ['B', null, true],
      ['C', null, true],
      ['D', 'new', false],
    ]);
  });

  it('hides what a parameter with NoEcho makes', async () => {
    const same = template({ Name: { Ref: 'P' } }, { Parameters: { P: { Type: 'String', NoEcho: true } } });
    const { change } = await planned(told({ Details: [detail('Name', SECRET, `${SECRET}2`)] }), same, same);
    expect(change.attributes).toMatchObject([{ path: 'Name', sensitive: true, before: '(sensitive)' }]);
  });

  it('hides a secret that stands in an element of a list', async () => {
    const broker = (users: object[]): string => template({ Users: users }, {}, 'AWS::AmazonMQ::Broker');
    const [before, after] = [
      broker([{ Username: 'a' }]),
      broker([{ Username: 'a' }, { Username: 'b', Password: SECRET }]),
    ];
    const { change } = await planned(told({ ResourceType: 'AWS::AmazonMQ::Broker' }), before, after);
    expect(change.attributes).toMatchObject([{ path: 'Users.1', sensitive: true, after: '(sensitive)' }]);
  });

  it('tells one hidden value from another by a digest', async () => {
    const value = (text: string) => template({ MasterUserPassword: text }, {}, 'AWS::RDS::DBInstance');
    const macOf = async (text: string) => {
      const { changes } = await toChanges([told({})], value('old'), value(text), (each) => `<${JSON.stringify(each)}>`);
      return changes[0]?.attributes.find(({ path }) => path === 'MasterUserPassword')?.mac;
    };
    expect(await macOf('one')).toBe('<"old">:<"one">');
    expect(await macOf('two')).not.toBe(await macOf('one'));
  });

  it('with hostile names and values is harmless', async () => {
    const details = [detail(HOSTILE, HOSTILE, `${HOSTILE}2`)];
    const change = told({
      LogicalResourceId: HOSTILE,
      ResourceType: HOSTILE,
      PhysicalResourceId: HOSTILE,
      Details: details,
    });
    expect((await planned(change)).page).not.toContain('<script>alert');
  });
});

describe('a policy', () => {
  const statement = (Sid: string, Action: string[], Resource: unknown = '*') => ({
    Sid,
    Effect: 'Allow',
    Action,
    Resource,
  });
  const policy = (...Statement: object[]): string =>
    template({ PolicyDocument: { Version: '2012-10-17', Statement } }, {}, 'AWS::IAM::Policy');
  const shown = async (before: string, after: string) => {
    const changes = (await diffCloudFormation(before, after)).map((each) => ({ ...each, source: null }));
    const stack = { id: 'aws/prod/cluster', engine: 'cloudformation', status: 'changed', changes, drift: [] } as const;
    return { changes, ...allFormats([{ ...stack, unresolvedInputs: [] }]) };
  };
  const others = [statement('A', ['s3:GetObject']), statement('B', ['sqs:SendMessage', 'sqs:ReceiveMessage'])];

  it('is shown by statement: one action more in the third of them', async () => {
    const third = (...more: string[]) => statement('C', ['ec2:Describe*', ...more], { 'Fn::GetAtt': ['Q', 'Arn'] });
    const { changes, text, markdown, page } = await shown(
      policy(...others, third()),
      policy(...others, third('ec2:TerminateInstances')),
    );
    expect(changes[0]?.attributes).toMatchObject([
      {
        path: 'PolicyDocument.Statement.2',
        before: third(),
        after: third('ec2:TerminateInstances'),
        afterUnknown: false,
      },
    ]);
    for (const each of [text, markdown]) {
      expect(each).toMatch(/statement "C":\n\W*\+ +action ec2:TerminateInstances/);
      expect(each).not.toContain('s3:GetObject');
    }
    expect(page).toContain('action ec2:TerminateInstances');
  });

  it('shows what comes and goes as a sentence', async () => {
    const gone = { Effect: 'Deny', Action: 'iam:*', Resource: { 'Fn::GetAtt': ['Role', 'Arn'] } };
    const { text, markdown } = await shown(policy(...others, gone), policy(statement('D', ['kms:Sign']), ...others));
    for (const each of [text, markdown]) {
      expect(each).toMatch(/- +PolicyDocument\.Statement\.2: Deny iam:\* on \$\{Role\.Arn\}/);
      expect(each).toMatch(/\+ +PolicyDocument\.Statement\.0: "D": Allow kms:Sign on \*/);
    }
  });

  it('is the same in another order of statements and actions', async () => {
    const turned = others.toReversed().map((each) => ({ ...each, Action: each.Action.toReversed() }));
    expect((await shown(policy(...others), policy(...turned))).changes.every(({ noise }) => noise)).toBe(true);
  });
});
