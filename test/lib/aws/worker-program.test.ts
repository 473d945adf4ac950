import { describe, expect, test } from 'vitest';
import { clusterTemplate } from './example.ts';
import { allows, statementsOf } from './policy.ts';

const REPOSITORY = 'arn:aws:ecr:eu-west-3:111122223333:repository/analysis';
const image = `111122223333.dkr.ecr.eu-west-3.amazonaws.com/analysis@sha256:${'a'.repeat(64)}`;
const sha256 = 'b'.repeat(64);
const programs = {
  command: { kind: 'command', command: ['/bin/true'] },
  archive: { kind: 'archive', command: ['./run'], path: 'programs/words', version: '1.2.0', sha256 },
  container: { kind: 'container', command: ['run'], image, engine: 'podman' },
} as const;

type Kind = keyof typeof programs;
/** Each is synthesized once. */
const templates = new Map<string, ReturnType<typeof clusterTemplate>>();
function templateOf(kind: Kind, more: object = {}) {
  const name = JSON.stringify([kind, more]);
  const template = templates.get(name) ?? clusterTemplate({ worker: { program: programs[kind], ...more } });
  templates.set(name, template);
  return template;
}
const statementsFor = (kind: Kind, more: object = {}) =>
  statementsOf(Object.values(templateOf(kind, more).findResources('AWS::IAM::Policy')) as never[]);

describe('an instance may pull its image', () => {
  test.each(['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'])(
    '%s of its repository only, for a container',
    (action) => {
      expect(allows(statementsFor('container'), action, REPOSITORY)).toBe(true);
      expect(allows(statementsFor('container'), action, `${REPOSITORY}-other`)).toBe(false);
    },
  );

  test.each(['command', 'archive'] as const)('and nothing of a registry for a program that is a %s', (kind) => {
    expect(
      statementsFor(kind)
        .flatMap(({ Action }) => Action)
        .filter((action) => action.startsWith('ecr:')),
    ).toEqual([]);
  });
});

test('an archive is the only object of the programs that may be read', () => {
  const key = 'arn:<AWS::Partition>:s3:::assets/tandem-programs/example/words-1.2.0-bbbbbbbbbbbbbbbb.tar';
  expect(allows(statementsFor('archive'), 's3:GetObject', key)).toBe(true);
  expect(allows(statementsFor('archive'), 's3:GetObject', key.replace('1.2.0', '1.1.0'))).toBe(false);
  expect(allows(statementsFor('command'), 's3:GetObject', key)).toBe(false);
});

test('what an environment adds is in the role, as it says', () => {
  const topic = 'arn:aws:sns:eu-west-3:111122223333:done';
  const statement = { effect: 'allow', actions: ['sns:Publish'], resources: [topic] };
  const managed = 'arn:aws:iam::aws:policy/AmazonAthenaFullAccess';
  const more = { iam: { statements: [statement], managedPolicies: [managed] } };
  expect(allows(statementsFor('command', more), 'sns:Publish', topic)).toBe(true);
  expect(allows(statementsFor('command', more), 'sns:Publish', `${topic}-not`)).toBe(false);
  expect(allows(statementsFor('command'), 'sns:Publish', topic)).toBe(false);
  expect(JSON.stringify(templateOf('command', more).findResources('AWS::IAM::Role'))).toContain(managed);
});
