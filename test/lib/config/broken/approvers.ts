import type { BrokenRow, Edit } from './edit.ts';

const ALICE = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICajf8CPVqvaD2fBe3Y5CEPFiS3ORYDeYlB9Arwc4cgZ a@host';
const BOB = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFnIUjYuOsAUk0exm/i5ZzWQ6YsvTKSLtLZFHE0HE6q7 b@host';

const file = (...lines: string[]): Edit[] => [{ file: 'config/approvers.yaml', content: `${lines.join('\n')}\n` }];

const two = ['people:', '  alice:', '    email: alice@acme.example.org', '    groups: [ops]', `    keys: ["${ALICE}"]`];
const bob = ['  bob:', '    email: bob@acme.example.org', `    keys: ["${BOB}"]`];

const override = (by: string, expires: string): string[] => [
  'overrides:',
  `  - { policy: untagged, reason: it is made by hand for now, by: ${by}, expires: ${expires} }`,
];

export const approvers: readonly BrokenRow[] = [
  {
    name: 'a key that two people have',
    edits: file(
      ...two,
      '  bob:',
      '    email: bob@acme.example.org',
      `    keys: ["${BOB}", "${ALICE.replace('a@host', 'other')}"]`,
    ),
    problems: [
      "config/approvers.yaml:8:103 people.bob.keys[1]: got a key which is alice's too; one signature would count twice; remove it from one of them",
    ],
  },
  {
    name: 'a key twice',
    edits: file(...two.slice(0, 4), `    keys: ["${ALICE}", "${ALICE}"]`),
    problems: ['config/approvers.yaml:5:103 people.alice.keys[1]: got a key which stands there already; remove it'],
  },
  {
    name: 'one address for two approvers',
    edits: file(...two, '  bob:', '    email: Alice@acme.example.org'),
    problems: [
      "config/approvers.yaml:7:12 people.bob.email: got Alice@acme.example.org, which is alice's too; one person would count twice; write one entry with the keys of both",
    ],
  },
  {
    name: 'an approver with the name of a group',
    edits: file(...two, '  ops:', '    email: o@acme.example.org'),
    problems: [
      'config/approvers.yaml:6:3 people.ops: got "ops", which is also a group; rename the person or the group',
    ],
  },
  {
    name: 'an approver that is not listed',
    edits: file(...two, ...bob, 'of: [opps]'),
    problems: [
      'config/approvers.yaml:9:6 of[0]: got "opps"; there is no such approver; write one of alice, bob, ops; nearest is ops',
    ],
  },
  {
    name: 'an approver of a rule that is not listed',
    edits: file(...two, ...bob, 'rules:', '  - { id: all, count: 1, of: [ops, bob, opps] }'),
    problems: [
      'config/approvers.yaml:10:41 rules[0].of[2]: got "opps"; there is no such approver; write one of alice, bob, ops; nearest is ops',
    ],
  },
  {
    name: 'an override by nobody',
    edits: file(...two, ...override('alise', '2026-11-30')),
    problems: ['config/approvers.yaml:7:65 overrides[0].by: got "alise"; there is no such approver; write alice'],
  },
  {
    name: 'an override by somebody who does not own the policy',
    edits: [
      ...file(...two, ...override('alice', '2026-11-30')),
      {
        file: 'config/tandem.yaml',
        replace: 'organisation:',
        by: 'policies: { owners: { untagged: bob } }\norganisation:',
      },
    ],
    problems: [
      'config/approvers.yaml:7:65 overrides[0].by: got alice; policies.owners says that bob owns untagged; let bob accept it',
    ],
  },
  {
    name: 'an override that is over',
    edits: file(...two, ...override('alice', '2026-11-20')),
    problems: [
      'config/approvers.yaml:7:81 overrides[0].expires warning: got 2026-11-20, which is over; what it accepted is denied again; remove the override',
    ],
  },
  {
    name: 'an override that ends too late',
    edits: file(...two, ...override('alice', '2026-12-30')),
    problems: [
      'config/approvers.yaml:7:81 overrides[0].expires: got 2026-12-30; an override ends within 30 days (policies.overrideDays); write 2026-12-21 or earlier',
    ],
  },
  {
    name: 'more approvals than people with keys',
    edits: file(...two, ...bob, 'of: [ops, bob]', 'count: 3'),
    problems: [
      'config/approvers.yaml:10:8 count: got 3; only 2 of those who may approve have a key, and the author never counts; write 2 or less, or add keys',
    ],
  },
  {
    name: 'an RSA key',
    edits: file(...two.slice(0, 4), '    keys: [ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7 a@host]'),
    problems: [
      'config/approvers.yaml:5:12 people.alice.keys[0]: got "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7 a@host"; approvals are signed with Ed25519, and this is ssh-rsa; make a key with `ssh-keygen -t ed25519`',
    ],
  },
  {
    name: 'a key of a security token',
    edits: file(
      ...two.slice(0, 4),
      '    keys: [sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAA a@host]',
    ),
    problems: [
      'config/approvers.yaml:5:12 people.alice.keys[0]: got "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZ…"; a key on a security token signs what other verifiers cannot check; write an ssh-ed25519 key',
    ],
  },
  {
    name: 'a key that was cut off',
    edits: file(...two.slice(0, 4), `    keys: [${ALICE.slice(0, 60)}]`),
    problems: [
      'config/approvers.yaml:5:12 people.alice.keys[0]: got "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICajf8CPVqvaD2fBe3Y5…"; the key is damaged or cut off; write the line of a file like ~/.ssh/id_ed25519.pub',
    ],
  },
  {
    name: 'the name of a key',
    edits: file(...two.slice(0, 4), '    keys: [~/.ssh/id_ed25519.pub]'),
    problems: [
      'config/approvers.yaml:5:12 people.alice.keys[0]: got "~/.ssh/id_ed25519.pub"; it is no public key of OpenSSH; write the line of a file like ~/.ssh/id_ed25519.pub',
    ],
  },
  {
    name: 'a duplicate approver',
    edits: file(...two, ...two.slice(1)),
    problems: [
      'config/approvers.yaml:6:3: got "alice" a second time in one map; one of the two would be lost; keep one of them',
    ],
  },
];
