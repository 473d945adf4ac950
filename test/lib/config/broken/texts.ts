import type { BrokenRow } from './edit.ts';

const CLOUD = 'config/clouds/north.yaml';
const BASE = 'config/environments/base.yaml';
const STAGING = 'config/environments/staging.yaml';
const SECRET =
  '(not shown); the configuration is in git, and artefacts and logs repeat it; remove it, store the value with `tandem secret put secret:<name>`, and write a reference, a file or a variable in its place';

/** Text that some engine, tool or terminal would take for more than text, and secrets. */
export const texts: readonly BrokenRow[] = [
  {
    name: 'a Region that Ansible would run',
    edits: [
      { file: CLOUD, replace: 'cloudsYaml: north', by: `cloudsYaml: north\n  region: "{{ lookup('pipe', 'id') }}"` },
    ],
    problems: [
      `${CLOUD}:4:11 endpoint.region: got "{{ lookup('pipe', 'id') }}"; a Region has letters, digits, dots, hyphens and underscores, at most 64 of them; write one like RegionOne`,
    ],
  },
  {
    name: 'a contact that is none',
    edits: [{ file: CLOUD, replace: 'email: cloud@acme.example.org', by: 'email: aaaa' }],
    problems: [`${CLOUD}:63:10 dns.email: got "aaaa"; it is not an e-mail address; write one like alice@example.org`],
  },
  {
    name: 'a contact that Terraform would evaluate',
    edits: [{ file: CLOUD, replace: 'email: cloud@acme.example.org', by: `email: '$\{file("/etc/passwd")}'` }],
    problems: [
      `${CLOUD}:63:10 dns.email: got "$\{file(\\"/etc/passwd\\")}"; it is not an e-mail address; write one like alice@example.org`,
    ],
  },
  {
    name: 'a URL that Terraform would evaluate',
    edits: [
      { file: CLOUD, replace: 'images/debian.qcow2', by: 'x' },
      { file: CLOUD, replace: 'org/debian.qcow2', by: 'org/%{ if true }' },
    ].slice(1),
    problems: [
      `${CLOUD}:67:10 images.debian.url: got "https://images.acme.example.org/%{ if true }"; it is not an http or https URL; write one like https://cloud.example.org:5000/v3`,
    ],
  },
  {
    name: 'a tag that CloudFormation would resolve',
    edits: [
      { file: STAGING, replace: 'extends: base', by: 'extends: base\ntags: { team: "{{resolve:secretsmanager:x}}" }' },
    ],
    problems: [
      `${STAGING}:2:15: got {{resolve:…}}, which CloudFormation replaces by a parameter or a secret, and cannot keep as text; write the value, or secret:<name> where a secret is asked for`,
    ],
  },
  {
    name: 'a tag that AWS does not take',
    edits: [{ file: STAGING, replace: 'extends: base', by: 'extends: base\ntags: { team: "<b>" }' }],
    problems: [
      `${STAGING}:2:15 tags.team: got "<b>"; AWS takes letters, digits, spaces and _ . : / = + - @ in a tag; write it without other characters`,
    ],
  },
  {
    name: 'a description that the CDK would look up',
    edits: [{ file: STAGING, replace: 'extends: base', by: `extends: base\ndescription: '$\{Token[AWS.Region.4]}'` }],
    problems: [
      `${STAGING}:2:14: got a reference in the form that the CDK uses inside; it would be looked up instead of written; write it without the brackets`,
    ],
  },
  {
    name: 'an argument that Systems Manager does not keep',
    edits: [{ file: BASE, replace: 'command: [/opt/worker]', by: 'command: [/opt/worker, "{{ssm:x}}"]' }],
    problems: [
      `${BASE}:12:28 cluster.worker.command[1]: got "{{ssm:x}}"; AWS Systems Manager, where workers read it, takes no {{; write a space between the braces`,
    ],
  },
  {
    name: 'an escape sequence',
    edits: [{ file: CLOUD, replace: 'layout: starter', by: 'layout: starter\ndescription: "\\e[31mred"' }],
    problems: [
      `${CLOUD}:6:14: got the character U+001B; it is invisible, and tools interpret it differently; remove it`,
    ],
  },
  {
    name: 'text that runs from right to left',
    edits: [{ file: CLOUD, replace: 'layout: starter', by: 'layout: starter\ndescription: "\\u202Etxt"' }],
    problems: [
      `${CLOUD}:6:14: got the character U+202E; it is invisible, and tools interpret it differently; remove it`,
    ],
  },
  {
    name: 'half a character',
    edits: [{ file: CLOUD, replace: 'layout: starter', by: 'layout: starter\ndescription: "\\uD800"' }],
    problems: [
      `${CLOUD}:6:14: got the character U+D800; it is invisible, and tools interpret it differently; remove it`,
    ],
  },
  {
    name: 'a megabyte of text',
    edits: [
      { file: 'config/dev/alice.yaml', replace: 'owner:', by: `sshKeys: [ssh-rsa ${'A'.repeat(200_000)} x y]\nowner:` },
    ],
    problems: [
      'config/dev/alice.yaml:2:11: got a text of 200012 characters; the most is 8192; shorten it, or keep it in a file of its own',
    ],
  },
  {
    name: 'a password in a URL',
    edits: [{ file: CLOUD, replace: 'https://images', by: 'https://bob:hunter2@images' }],
    problems: [`${CLOUD}:67:10 images.debian.url: got a password in a URL ${SECRET}`],
  },
  {
    name: 'a token in place of the user of a URL',
    edits: [{ file: CLOUD, replace: 'https://images', by: 'https://abc123@images' }],
    problems: [`${CLOUD}:67:10 images.debian.url: got a user or token in a URL ${SECRET}`],
  },
  {
    name: 'a user in a URL',
    edits: [{ file: CLOUD, replace: 'https://images', by: 'https://bob:$x@images' }],
    problems: [
      `${CLOUD}:67:10 images.debian.url: got "https://bob:$x@images.acme.example.org/debian.qcow2"; it names a user before the host, and the configuration is in git; write it without what stands before the @; credentials are stored with \`tandem secret put secret:<name>\``,
    ],
  },
  {
    name: 'a password that a program takes with a short flag',
    edits: [{ file: BASE, replace: 'command: [/opt/worker]', by: 'command: [mysql, -u, root, -phunter2]' }],
    problems: [`${BASE}:12:32 cluster.worker.command[3]: got a password or token ${SECRET}`],
  },
  {
    name: 'an e-mail address of alarms that is none',
    edits: [
      {
        file: BASE,
        replace: '    backlogPerInstance: 10',
        by: '    backlogPerInstance: 10\n  alarms: { email: [x] }',
      },
    ],
    problems: [
      `${BASE}:16:21 cluster.alarms.email[0]: got "x"; it is not an e-mail address; write one like alice@example.org`,
    ],
  },
  {
    name: 'a Mac in a fleet',
    edits: [{ file: BASE, replace: 'm7g.xlarge', by: 'mac2.metal' }],
    problems: [
      `${BASE}:9:25 cluster.instances.types[1]: got "mac2.metal"; a Mac runs only on a dedicated host, which nothing here allocates; write one like c7g.metal`,
    ],
  },
  {
    name: 'a password in a URL that is none',
    edits: [{ file: CLOUD, replace: 'https://images', by: 'ftp://bob:hunter2@images' }],
    problems: [
      `${CLOUD}:67:10 images.debian.url: got text that is not shown; it is not an http or https URL; write one like https://cloud.example.org:5000/v3`,
    ],
  },
  {
    name: 'a password in a command',
    edits: [{ file: BASE, replace: 'command: [/opt/worker]', by: 'command: [/opt/worker, --password=hunter2]' }],
    problems: [`${BASE}:12:28 cluster.worker.command[1]: got a password or token ${SECRET}`],
  },
  {
    name: 'a password after its flag',
    edits: [{ file: BASE, replace: 'command: [/opt/worker]', by: 'command: [/opt/worker, --db-password, hunter2]' }],
    problems: [`${BASE}:12:43 cluster.worker.command[2]: got a password or token ${SECRET}`],
  },
  {
    name: 'a password as a tag',
    edits: [{ file: STAGING, replace: 'extends: base', by: 'extends: base\ntags: { dbpassword: hunter2 }' }],
    problems: [`${STAGING}:2:21 tags.dbpassword: got a password or token ${SECRET}`],
  },
  {
    name: 'an access key in a description',
    edits: [{ file: STAGING, replace: 'extends: base', by: 'extends: base\ndescription: AKIAIOSFODNN7EXAMPLE' }],
    problems: [`${STAGING}:2:14 description: got an access key of AWS ${SECRET}`],
  },
  {
    name: 'a Region that AWS does not have',
    edits: [{ file: BASE, replace: 'region: eu-west-3', by: 'region: eu-wurst-9' }],
    problems: [
      `${BASE}:2:11 aws.region: got "eu-wurst-9"; there is no AWS Region of this name, as of November 2026; write one like eu-west-1`,
    ],
  },
  {
    name: 'an instance type that EC2 does not have',
    edits: [{ file: BASE, replace: 'm7g.xlarge', by: 'c7g.none' }],
    problems: [
      `${BASE}:9:25 cluster.instances.types[1]: got "c7g.none"; EC2 has no such instance type, as of November 2026; write one like c7g.xlarge`,
    ],
  },
  {
    name: 'a share of Spot in parts of a percent',
    edits: [{ file: STAGING, replace: 'maximum: 4', by: 'maximum: 4\n    spotSharePercent: 1.5' }],
    problems: [`${STAGING}:13:23 cluster.capacity.spotSharePercent: got 1.5; a whole number is expected; write 1 or 2`],
  },
  {
    name: 'a share of Spot as a fraction',
    edits: [{ file: STAGING, replace: 'maximum: 4', by: 'maximum: 4\n    spotSharePercent: 0.7' }],
    problems: [
      `${STAGING}:13:23 cluster.capacity.spotSharePercent: got 0.7; a whole number is expected; write 70; a share is written in percent`,
    ],
  },
  {
    name: 'headroom as a fraction',
    edits: [{ file: 'config/blueprints/app.yaml', replace: 'ssh:', by: 'headroomPercent: 0.5\n\nssh:' }],
    problems: [
      'config/blueprints/app.yaml:3:18 headroomPercent: got 0.5; it is written in percent, from 0 to 100; write 50',
    ],
  },
  {
    name: 'a time zone that nobody keeps',
    edits: [
      {
        file: BASE,
        replace: 'backlogPerInstance: 10',
        by: 'backlogPerInstance: 10\n    schedules: { day: { recurrence: "0 6 * * *", timeZone: Europe/Parys, minimum: 1 } }',
      },
    ],
    problems: [
      `${BASE}:16:60 cluster.scaling.schedules.day.timeZone: got "Europe/Parys"; it is not an IANA time zone; write one like Europe/Paris`,
    ],
  },
  {
    name: 'an hour that no day has',
    edits: [
      {
        file: BASE,
        replace: 'backlogPerInstance: 10',
        by: 'backlogPerInstance: 10\n    schedules: { day: { recurrence: "99 99 * * *", minimum: 1 } }',
      },
    ],
    problems: [
      `${BASE}:16:37 cluster.scaling.schedules.day.recurrence: got "99 99 * * *"; "99" is no minute: 0 to 59, *, a list, a range, or a step of * or a range; write one like 0 6 * * 1-5`,
    ],
  },
  {
    name: 'a lease in a folder of its own',
    edits: [{ file: 'config/dev/team/x.yaml', content: 'blueprint: app\n' }],
    problems: [
      'config/dev/team/x.yaml:1:1: Tandem reads no file here; move it to config/dev/x.yaml, or out of config/',
    ],
  },
  {
    name: 'a lease in JSON',
    edits: [{ file: 'config/dev/x.json', content: '{}' }],
    problems: ['config/dev/x.json:1:1: Tandem reads no file here; move it to config/dev/x.yaml, or out of config/'],
  },
  {
    name: 'a lease in a folder of no kind',
    edits: [{ file: 'config/leases/x.yaml', content: 'blueprint: app\n' }],
    problems: [
      'config/leases/x.yaml:1:1: Tandem reads no file here; move it into one of config/clouds, config/environments, config/blueprints, config/dev, config/links, config/prices, or out of config/',
    ],
  },
  ...(
    [
      ['without an ending', 'config/dev/x', 'config/dev/x.yaml'],
      ['that is hidden', 'config/dev/.x.yaml', 'config/dev/x.yaml'],
      ['in a hidden folder', 'config/dev/.old/x.yaml', 'config/dev/x.yaml'],
      ['with a slip in its ending', 'config/dev/x.ymal', 'config/dev/x.yaml'],
      ['in TOML', 'config/clouds/x.toml', 'config/clouds/x.yaml'],
    ] as const
  ).map(
    ([what, file, to]): BrokenRow => ({
      name: `a file ${what}`,
      edits: [{ file, content: 'blueprint: app\n' }],
      problems: [`${file}:1:1: Tandem reads no file here; move it to ${to}, or out of config/`],
    }),
  ),
  {
    name: 'a file in a folder that is too deep',
    edits: [{ file: 'config/dev/a/b/c/d/e/f/x.yaml', content: 'blueprint: app\n' }],
    problems: [
      'config/dev/a/b/c/d/e/f:1:1: Tandem reads no folder here; move what is in it to config/dev, or out of config/',
    ],
  },
  {
    name: 'a lease that was put aside',
    edits: [{ file: 'config/dev/x.yaml.bak', content: 'blueprint: app\n' }],
    problems: [
      'config/dev/x.yaml.bak:1:1 warning: Tandem reads no file of this name; rename it to x.yaml where it is meant, or move it out of config/',
    ],
  },
  {
    name: 'a lease in JSON in a folder of no kind',
    edits: [{ file: 'config/leases/x.json', content: '{"blueprint": "app"}' }],
    problems: [
      'config/leases/x.json:1:1: Tandem reads no file here; move it into one of config/clouds, config/environments, config/blueprints, config/dev, config/links, config/prices, or out of config/',
    ],
  },
  {
    name: 'a lease beside the folders',
    edits: [{ file: 'config/dev.yaml', content: 'blueprint: app\n' }],
    problems: ['config/dev.yaml:1:1: Tandem reads no file of this name; move it into config/dev/'],
  },
  {
    name: 'tandem.yaml a second time',
    edits: [{ file: 'config/Tandem.yaml', content: 'blueprint: app\n' }],
    problems: [
      'config/Tandem.yaml:1:1: Tandem reads no file of this name; move what it holds into tandem.yaml, and remove it',
    ],
  },
];
