import type { BrokenRow } from './edit.ts';

export const blueprints: readonly BrokenRow[] = [
  {
    name: 'SSH through an unknown tier',
    edits: [{ file: 'config/blueprints/app.yaml', replace: 'ssh: { tier: web', by: 'ssh: { tier: wbe' }],
    problems: ['config/blueprints/app.yaml:3:14 ssh.tier: got "wbe"; there is no such tier; write one of web, store'],
  },
  {
    name: 'a tier renamed from one that is there',
    edits: [{ file: 'config/blueprints/app.yaml', replace: '  store:\n', by: '  store:\n    renamedFrom: web\n' }],
    problems: [
      'config/blueprints/app.yaml:15:18 tiers.store.renamedFrom: got "web"; there is a tier of this name, and one thing moves to one place; remove it, or rename in two steps',
    ],
  },
  {
    name: 'two volumes renamed from one',
    edits: [
      {
        file: 'config/blueprints/app.yaml',
        replace: 'data: { sizeGiB: 100,',
        by: 'log: { sizeGiB: 1, renamedFrom: old }\n      data: { sizeGiB: 100, renamedFrom: old,',
      },
    ],
    problems: [
      'config/blueprints/app.yaml:22:42 tiers.store.volumes.data.renamedFrom: got "old"; volume log is renamed from it, and one thing moves to one place; remove it, or rename in two steps',
    ],
  },
  {
    name: 'SSH from an unknown source',
    edits: [{ file: 'config/blueprints/app.yaml', replace: 'web, from: [office] }', by: 'web, from: [offices] }' }],
    problems: [
      'config/blueprints/app.yaml:3:26 ssh.from[0]: got "offices"; there is no such source in cloud north, where lease alice puts it; write one of office, world; nearest is office',
    ],
  },
  {
    name: 'an unknown image',
    edits: [
      {
        file: 'config/blueprints/app.yaml',
        replace: 'image: debian\n    flavor: large',
        by: 'image: debain\n    flavor: large',
      },
    ],
    problems: [
      'config/blueprints/app.yaml:15:12 tiers.store.image: got "debain"; there is no such image in cloud north, where lease alice puts it; write debian',
    ],
  },
  {
    name: 'an unknown flavor',
    edits: [{ file: 'config/blueprints/app.yaml', replace: 'flavor: large', by: 'flavor: lagre' }],
    problems: [
      'config/blueprints/app.yaml:16:13 tiers.store.flavor: got "lagre"; there is no such flavor in cloud north, where lease alice puts it; write one of small, large; nearest is large',
    ],
  },
  {
    name: 'an unknown volume type',
    edits: [{ file: 'config/blueprints/app.yaml', replace: 'type: standard', by: 'type: fast' }],
    problems: [
      'config/blueprints/app.yaml:21:35 tiers.store.volumes.data.type: got "fast"; there is no such volume type in cloud north, where lease alice puts it; write standard',
    ],
  },
  {
    name: 'an unknown peer',
    edits: [{ file: 'config/blueprints/app.yaml', replace: 'from: [web, store]', by: 'from: [web, stroe]' }],
    problems: [
      'config/blueprints/app.yaml:18:35 tiers.store.listens[0].from[1]: got "stroe"; there is no such peer in cloud north, where lease alice puts it; write one of store, office, environment, world; nearest is store',
    ],
  },
  {
    name: 'an unknown peer of a load balancer',
    edits: [
      { file: 'config/blueprints/app.yaml', replace: 'public: true, from: [office]', by: 'public: true, from: [home]' },
    ],
    problems: [
      'config/blueprints/app.yaml:11:71 tiers.web.loadBalancer.from[0]: got "home"; there is no such peer in cloud north, where lease alice puts it; write one of web, store, office, environment, world',
    ],
  },
  {
    name: 'a flavor smaller than the image',
    edits: [{ file: 'config/blueprints/app.yaml', replace: 'flavor: small', by: 'flavor: tiny' }],
    problems: [
      'config/blueprints/app.yaml:8:13 tiers.web.flavor: got "tiny" with 4 GiB of disk; image debian needs 5 GiB; write one of small, large',
    ],
  },
  {
    name: 'a tier named environment',
    edits: [
      {
        file: 'config/blueprints/app.yaml',
        replace: '  store:\n',
        by: '  environment:\n    image: debian\n    flavor: small\n  store:\n',
      },
    ],
    problems: [
      'config/blueprints/app.yaml:14:3 tiers.environment: got "environment"; the word is reserved in rules; choose another name',
    ],
  },
  {
    name: 'a tier with the name of a source',
    edits: [
      {
        file: 'config/blueprints/app.yaml',
        replace: '  store:\n',
        by: '  office:\n    image: debian\n    flavor: small\n  store:\n',
      },
    ],
    problems: [
      'config/blueprints/app.yaml:14:3 tiers.office: got "office"; cloud north has a source of that name, and rules could not tell them apart; rename the tier',
    ],
  },
  {
    name: 'a range of ports that ends before it begins',
    edits: [{ file: 'config/blueprints/app.yaml', replace: 'lastPort: 7001', by: 'lastPort: 6999' }],
    problems: [
      'config/blueprints/app.yaml:19:33 tiers.store.listens[1].lastPort: got 6999; the range begins at 7000; write 7000 or more',
    ],
  },
  {
    name: 'a port opened twice',
    edits: [
      {
        file: 'config/blueprints/app.yaml',
        replace: '{ port: 9042, from: [web, store] }',
        by: '{ port: 9042, from: [web, web] }',
      },
    ],
    problems: [
      'config/blueprints/app.yaml:18:35 tiers.store.listens[0].from[1]: got "web"; tcp 9042 is open to it already, and Neutron refuses the same rule twice; remove it',
    ],
  },
  {
    name: 'a blueprint without tiers',
    edits: [{ file: 'config/blueprints/none.yaml', content: 'description: Nothing yet\ntiers: {}\n' }],
    problems: ['config/blueprints/none.yaml:2:8 tiers: got none; a blueprint has at least one tier; write one or more'],
  },
  {
    name: 'user data outside the project',
    edits: [
      {
        file: 'config/blueprints/app.yaml',
        replace: '    floatingAddress: true',
        by: '    floatingAddress: true\n    userData: ../secrets/cloud-init.yaml',
      },
    ],
    problems: [
      'config/blueprints/app.yaml:11:15 tiers.web.userData: got "../secrets/cloud-init.yaml"; the file is inside the project, so that every checkout has it; write a path relative to the root of the project',
    ],
  },
  {
    name: 'an unknown blueprint',
    edits: [{ file: 'config/dev/alice.yaml', replace: 'blueprint: app', by: 'blueprint: ap' }],
    problems: ['config/dev/alice.yaml:1:12 blueprint: got "ap"; there is no such blueprint; write app'],
  },
  {
    name: 'an unknown cloud of a lease',
    edits: [{ file: 'config/dev/bruno.yaml', replace: 'cloud: north', by: 'cloud: nroth' }],
    problems: ['config/dev/bruno.yaml:3:8 cloud: got "nroth"; there is no such cloud; write north'],
  },
  {
    name: 'an unknown tier of a lease',
    edits: [{ file: 'config/dev/bruno.yaml', replace: 'web: { count: 1', by: 'wbe: { count: 1' }],
    problems: [
      'config/dev/bruno.yaml:7:3 tiers.wbe: got "wbe"; there is no such tier in blueprint app; write one of web, store',
    ],
  },
  {
    name: 'an unknown flavor of a lease',
    edits: [{ file: 'config/dev/bruno.yaml', replace: 'flavor: small', by: 'flavor: smal' }],
    problems: [
      'config/dev/bruno.yaml:7:28 tiers.web.flavor: got "smal"; there is no such flavor in cloud north; write one of small, large; nearest is small',
    ],
  },
  {
    name: 'a flavor of a lease smaller than the image',
    edits: [{ file: 'config/dev/bruno.yaml', replace: 'flavor: small', by: 'flavor: tiny' }],
    problems: [
      'config/dev/bruno.yaml:7:28 tiers.web.flavor: got "tiny" with 4 GiB of disk; image debian needs 5 GiB; write one of small, large',
    ],
  },
  {
    name: 'a value of a parameter that is none',
    edits: [{ file: 'config/blueprints/app.yaml', replace: 'count: 2', by: 'count: { parameter: many }' }],
    problems: [
      'config/blueprints/app.yaml:9:25 tiers.web.count.parameter: got "many"; there is no such parameter; remove it',
    ],
  },
  {
    name: 'a default that is no value of its parameter',
    edits: [
      {
        file: 'config/blueprints/app.yaml',
        replace: '\nssh:',
        by: '\nparameters: { many: { type: integer, default: 9, maximum: 5, description: Servers } }\nssh:',
      },
    ],
    problems: ['config/blueprints/app.yaml:3:47 parameters.many.default: got 9; the parameter is at most 5; write 5'],
  },
  {
    name: 'a part of a blueprint that is not there',
    edits: [
      { file: 'config/blueprints/app.yaml', replace: '\nssh:', by: '\nparts: { other: { blueprint: ap } }\nssh:' },
    ],
    problems: ['config/blueprints/app.yaml:3:17 parts.other: got "ap"; there is no such blueprint; remove it'],
  },
  {
    name: 'a blueprint that is a part of itself',
    edits: [
      { file: 'config/blueprints/app.yaml', replace: '\nssh:', by: '\nparts: { other: { blueprint: app } }\nssh:' },
    ],
    problems: [
      'config/blueprints/app.yaml:3:30 parts.other.blueprint: got "app"; app takes app, and nothing is made of itself; remove the part',
    ],
  },
  {
    name: "a tier with the name of a part's",
    edits: [
      {
        file: 'config/blueprints/extra.yaml',
        content:
          'description: More\nparts: { app: { blueprint: app } }\ntiers:\n  app-web: { image: debian, flavor: small }\n',
      },
    ],
    problems: [
      'config/blueprints/extra.yaml:4:3 tiers.app-web: got "app-web"; a part has a tier of this name here; choose another name',
    ],
  },
  {
    name: 'a reference to a file with problems is not unknown',
    edits: [
      { file: 'config/blueprints/app.yaml', replace: 'description: A web application', by: 'description: 5' },
      { file: 'config/blueprints/app.yaml', replace: 'flavor: large', by: 'flavour: large' },
    ],
    problems: [
      'config/blueprints/app.yaml:1:14 description: got 5; text is expected; quote it: "5"',
      'config/blueprints/app.yaml:16:5 tiers.store.flavour: got "flavour"; there is no such key here; write flavor',
    ],
  },
  {
    name: 'one slip hides no other',
    edits: [
      { file: 'config/dev/alice.yaml', replace: 'owner:', by: 'colour: blue\nowner:' },
      { file: 'config/dev/alice.yaml', replace: 'blueprint: app', by: 'blueprint: ap' },
      { file: 'config/tandem.yaml', replace: 'defaultCloud: north', by: 'defaultCloud: nort' },
      { file: 'config/tandem.yaml', replace: '  backend: local', by: '  backnd: local' },
    ],
    problems: [
      'config/dev/alice.yaml:1:12 blueprint: got "ap"; there is no such blueprint; write app',
      'config/dev/alice.yaml:2:1 colour: got "colour"; there is no such key here; write cloud',
      'config/tandem.yaml:5:15 defaultCloud: got "nort"; there is no such cloud; write north',
      'config/tandem.yaml:7:1 state.backend warning: states of cloud north are kept in .tandem of each checkout; nobody else has them, and with the folder they are lost; write local, or s3 or pg with a section of its own where several people deploy',
      'config/tandem.yaml:8:3 state.backnd: got "backnd"; there is no such key here; write backend',
    ],
  },
];
