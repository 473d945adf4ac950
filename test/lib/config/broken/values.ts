import type { BrokenRow } from './edit.ts';

export const values: readonly BrokenRow[] = [
  {
    name: 'a bad name',
    edits: [{ file: 'config/blueprints/app.yaml', replace: '  store:', by: '  Store:' }],
    problems: [
      'config/blueprints/app.yaml:14:3 tiers.Store: got "Store"; a name has lowercase letters, digits and single hyphens, and starts with a letter; write one like web-1',
    ],
  },
  {
    name: 'a name that is too long',
    edits: [
      { file: 'config/blueprints/app.yaml', replace: '  store:', by: '  the-store-of-everything-that-we-ever-had:' },
    ],
    problems: [
      'config/blueprints/app.yaml:14:3 tiers.the-store-of-everything-that-we-ever-had: got "the-store-of-everything-that-we-ever-had"; a name here has at most 32 characters, so that both clouds accept the names made from it; shorten it',
    ],
  },
  {
    name: 'a bad file name',
    edits: [
      {
        file: 'config/dev/Carol_1.yaml',
        content: 'blueprint: app\nowner: c@acme.example.org\nsince: 2026-11-16\nuntil: 2026-12-01\n',
      },
    ],
    problems: [
      'config/dev/Carol_1.yaml:1:1: got the file name "Carol_1"; a name has lowercase letters, digits and single hyphens, and starts with a letter; rename the file to one like web-1.yaml',
    ],
  },
  {
    name: 'a cloud with a hyphen in its name',
    edits: [
      {
        file: 'config/prices/north-1.yaml',
        content: 'vcpu: 1\nmemoryGiB: 1\nvolumeGiB: {}\nfloatingAddress: 1\nloadBalancer: 1\n',
      },
    ],
    problems: [
      'config/prices/north-1.yaml:1:1: got the file name "north-1"; there is no cloud of this name; name the file after a cloud, or remove it',
    ],
  },
  {
    name: 'host bits in a network',
    edits: [{ file: 'config/environments/prod.yaml', replace: '10.3.0.0/21', by: '10.3.1.0/21' }],
    problems: [
      'config/environments/prod.yaml:8:11 cluster.network.cidr: got "10.3.1.0/21"; it has host bits set; the network is 10.3.0.0/21; write 10.3.0.0/21',
    ],
  },
  {
    name: 'no network at all',
    edits: [{ file: 'config/environments/prod.yaml', replace: '10.3.0.0/21', by: '10.3.0.0' }],
    problems: [
      'config/environments/prod.yaml:8:11 cluster.network.cidr: got "10.3.0.0"; an IPv4 network looks like 10.4.0.0/22; write a network like 10.4.0.0/22',
    ],
  },
  {
    name: 'an address with 256',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'gateway: 198.18.0.1\n', by: 'gateway: 198.18.0.256\n' }],
    problems: [
      'config/clouds/north.yaml:44:14 networks.public.gateway: got "198.18.0.256"; it is not an IPv4 address; write one like 10.4.0.10',
    ],
  },
  {
    name: 'an upper-case domain',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'zone: dev.acme', by: 'zone: Dev.acme' }],
    problems: [
      'config/clouds/north.yaml:62:9 dns.zone: got "Dev.acme.example.org"; it is not a fully qualified domain name; write one like cloud.example.org, lowercase and without a final dot',
    ],
  },
  {
    name: 'no e-mail address',
    edits: [{ file: 'config/dev/alice.yaml', replace: 'alice@acme.example.org', by: 'alice' }],
    problems: [
      'config/dev/alice.yaml:2:8 owner: got "alice"; it is not an e-mail address; write one like alice@example.org',
    ],
  },
  {
    name: 'no URL',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'https://north', by: 'north' }],
    problems: [
      'config/clouds/north.yaml:2:12 endpoint.authUrl: got "north.acme.example.org:5000/v3"; it is not an http or https URL; write one like https://cloud.example.org:5000/v3',
    ],
  },
  {
    name: 'no time of the day',
    edits: [{ file: 'config/dev/bruno.yaml', replace: '2026-12-15T18:00Z', by: '2026-12-15T25:00Z' }],
    problems: [
      'config/dev/bruno.yaml:5:8 until: got "2026-12-15T25:00Z"; there is no such day or time; write 2026-12-15, or a time like 2026-12-15T18:00Z',
    ],
  },
  {
    name: 'no day of the calendar',
    edits: [{ file: 'config/dev/alice.yaml', replace: '2026-12-09', by: '2026-11-31' }],
    problems: ['config/dev/alice.yaml:4:8 until: got "2026-11-31"; there is no such day or time; write 2026-11-30'],
  },
  {
    name: 'a day the American way',
    edits: [{ file: 'config/dev/alice.yaml', replace: '2026-12-09', by: '12/09/2026' }],
    problems: [
      'config/dev/alice.yaml:4:8 until: got "12/09/2026"; a date is written YYYY-MM-DD, or YYYY-MM-DDTHH:MMZ in UTC; write one like 2026-12-31',
    ],
  },
  {
    name: 'a secret store that Tandem cannot reach',
    edits: [{ file: 'config/tandem.yaml', replace: 'leases:', by: 'secrets: { store: vault }\nleases:' }],
    problems: [
      'config/tandem.yaml:10:19 secrets.store: got "vault"; it is not one of the accepted values; write one of file, aws-secrets-manager, barbican',
    ],
  },
  {
    name: 'a choice of what cannot be chosen',
    edits: [
      {
        file: 'config/environments/base.yaml',
        replace: '    timeoutSeconds: 1800',
        by: '    timeoutSeconds: 1800\n    agentVersion: 0.0.9',
      },
    ],
    problems: [
      'config/environments/base.yaml:14:5 cluster.worker.agentVersion: got "agentVersion"; there is no such key here; remove it, or write one of program, jobsPerInstance, memoryMiBPerJob, processesPerJob, breaker, logDays',
    ],
  },
  {
    name: 'secret stores without their sections',
    edits: [{ file: 'config/tandem.yaml', replace: 'leases:', by: 'secrets: { store: aws-secrets-manager }\nleases:' }],
    problems: [
      'config/tandem.yaml:10:1 secrets: store is "aws-secrets-manager", which needs a section of its own; write secrets.aws with account and region',
    ],
  },
  {
    name: 'a secret store on a cloud that does not exist',
    edits: [
      {
        file: 'config/tandem.yaml',
        replace: 'leases:',
        by: 'secrets: { store: barbican, barbican: { cloud: pari } }\nleases:',
      },
    ],
    problems: ['config/tandem.yaml:10:48 secrets.barbican.cloud: got "pari"; there is no such cloud; write north'],
  },
  {
    name: 'a secret where a reference belongs',
    edits: [
      {
        file: 'config/tandem.yaml',
        replace: 'backend: local',
        by: 'backend: pg\n  pg: { connection: "postgres://tandem:hunter2@db/tandem" }',
      },
    ],
    problems: [
      'config/tandem.yaml:9:21 state.pg.connection: got text that is no reference (not shown); configuration holds references to secrets, never secrets; write secret:<name>, and store the value with `tandem secret put secret:<name>`',
    ],
  },
  {
    name: 'a private key among the recipients of the state',
    edits: [
      {
        file: 'config/tandem.yaml',
        replace: 'backend: local',
        by: 'backend: local\n  recipients: [AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX]',
      },
    ],
    problems: [
      'config/tandem.yaml:9:16 state.recipients[0]: got text that is not shown; it is no public key of age, or has a typing error; write what `tandem secret key` prints, 62 characters from age1 on; a secret key never stands here',
    ],
  },
  {
    name: 'an instance type without a size',
    edits: [{ file: 'config/environments/base.yaml', replace: 'm7g.xlarge', by: 'm7g' }],
    problems: [
      'config/environments/base.yaml:9:25 cluster.instances.types[1]: got "m7g"; EC2 has no such instance type, as of November 2026; write one like m7g.xlarge',
    ],
  },
  {
    name: 'a key of no kind',
    edits: [{ file: 'config/dev/alice.yaml', replace: 'owner:', by: 'sshKeys: [ssh-dss AAAA]\nowner:' }],
    problems: [
      'config/dev/alice.yaml:2:11 sshKeys[0]: got "ssh-dss AAAA"; it is not an OpenSSH public key of an accepted type; write the line of the .pub file, of type ssh-ed25519, ssh-rsa, ecdsa-sha2-nistp256 or sk-ssh-ed25519@openssh.com',
    ],
  },
  {
    name: 'a problem in a base, told once',
    edits: [{ file: 'config/environments/base.yaml', replace: 'timeoutSeconds: 1800', by: 'timeoutSeconds: soon' }],
    problems: [
      'config/environments/base.yaml:13:21 cluster.worker.timeoutSeconds: got "soon"; a number is expected; write a number',
    ],
  },
  {
    name: 'an unknown key in a base that is incomplete',
    edits: [{ file: 'config/environments/base.yaml', replace: 'cluster:\n', by: 'cluster:\n  instance: {}\n' }],
    problems: [
      'config/environments/base.yaml:7:3 cluster.instance: got "instance"; there is no such key here; remove it; instances is there',
    ],
  },
  {
    name: 'a base that nobody extends and that is no environment',
    edits: [{ file: 'config/environments/spare.yaml', content: 'aws:\n  regoin: eu-west-3\n' }],
    problems: [
      'config/environments/spare.yaml:1:1: aws.account, aws.role, aws.zones, cluster are missing; no file extends this one, so it is an environment and must be complete; write them, write `extends: <a base that has them>`, or remove the file',
      'config/environments/spare.yaml:2:3 aws.regoin: got "regoin"; there is no such key here; write region',
    ],
  },
  {
    name: 'a bucket name that S3 refuses',
    edits: [
      {
        file: 'config/tandem.yaml',
        replace: 'backend: local',
        by: 'backend: s3\n  s3: { bucket: Acme_State, region: eu-west-3 }',
      },
    ],
    problems: [
      'config/tandem.yaml:9:17 state.s3.bucket: got "Acme_State"; S3 accepts 3 to 63 lowercase letters, digits, dots and hyphens; write one like acme-tandem-state',
    ],
  },
  {
    name: 'a backup at no time of day',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: 'dns:\n',
        by: 'kolla:\n  secrets: /etc/kolla/north\n  backup:\n    destination: /srv/backups\n    recipients: [age1qvylp9e8muut7d90tzjxw0ttyddhzyc0na0luscsc7ved39ymq0qx8ktpn]\n    fullAt: "2:30"\ndns:\n',
      },
    ],
    problems: [
      'config/clouds/north.yaml:66:13 kolla.backup.fullAt: got "2:30"; it is no time of day; write one like 02:30',
    ],
  },
  {
    name: 'backups in no folder',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: 'dns:\n',
        by: 'kolla:\n  secrets: /etc/kolla/north\n  backup:\n    destination: backups\n    recipients: [age1qvylp9e8muut7d90tzjxw0ttyddhzyc0na0luscsc7ved39ymq0qx8ktpn]\ndns:\n',
      },
    ],
    problems: [
      'config/clouds/north.yaml:64:18 kolla.backup.destination: got "backups"; it is a folder on the deployment host, not its root; write one like /var/backups/paris',
    ],
  },
];
