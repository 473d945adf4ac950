import type { BrokenRow } from './edit.ts';

export const shape: readonly BrokenRow[] = [
  {
    name: 'an unknown key',
    edits: [
      { file: 'config/blueprints/app.yaml', replace: '    floatingAddress: true', by: '    floatingAdress: true' },
    ],
    problems: [
      'config/blueprints/app.yaml:10:5 tiers.web.floatingAdress: got "floatingAdress"; there is no such key here; write floatingAddress',
    ],
  },
  {
    name: 'an unknown key at the top',
    edits: [{ file: 'config/dev/alice.yaml', replace: 'owner:', by: 'ownr:' }],
    problems: ['config/dev/alice.yaml:2:1 ownr: got "ownr"; there is no such key here; write owner'],
  },
  {
    name: 'an unknown key that is nothing like any',
    edits: [{ file: 'config/tandem.yaml', replace: 'defaultCloud: north', by: 'defaultCloud: north\ncolour: blue' }],
    problems: [
      'config/tandem.yaml:6:1 colour: got "colour"; there is no such key here; remove it, or write one of currency, secrets, terraform, policies, review',
    ],
  },
  {
    name: 'the end of a key',
    edits: [{ file: 'config/blueprints/app.yaml', replace: '    loadBalancer:', by: '    balancer:' }],
    problems: [
      'config/blueprints/app.yaml:11:5 tiers.web.balancer: got "balancer"; there is no such key here; write loadBalancer',
    ],
  },
  {
    name: 'a role without its hyphen',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'roles: [control]', by: 'roles: [control, loadbalancer]' }],
    problems: [
      'config/clouds/north.yaml:15:40 hosts.control.roles[1]: got "loadbalancer"; it is not one of the accepted values; write load-balancer',
    ],
  },
  {
    name: 'a missing key',
    edits: [{ file: 'config/clouds/north.yaml', replace: '  usableGiB: 1000\n', by: '' }],
    problems: [
      'config/clouds/north.yaml:32:1 storage.usableGiB: "usableGiB" is missing; it has no default; write usableGiB: <a number>',
    ],
  },
  {
    name: 'a number with its unit',
    edits: [{ file: 'config/blueprints/app.yaml', replace: 'sizeGiB: 100', by: 'sizeGiB: 100 GiB' }],
    problems: [
      'config/blueprints/app.yaml:21:24 tiers.store.volumes.data.sizeGiB: got "100 GiB"; a number is expected; write 100; the unit is not written',
    ],
  },
  {
    name: 'a number in another unit',
    edits: [{ file: 'config/blueprints/app.yaml', replace: 'sizeGiB: 100', by: 'sizeGiB: 2 TiB' }],
    problems: [
      'config/blueprints/app.yaml:21:24 tiers.store.volumes.data.sizeGiB: got "2 TiB"; a number is expected; write 2048; the unit is not written',
    ],
  },
  {
    name: 'seconds in minutes',
    edits: [{ file: 'config/environments/base.yaml', replace: 'timeoutSeconds: 1800', by: 'timeoutSeconds: 30 min' }],
    problems: [
      'config/environments/base.yaml:13:21 cluster.worker.timeoutSeconds: got "30 min"; a number is expected; write 1800; the unit is not written',
    ],
  },
  {
    name: 'a quoted number',
    edits: [{ file: 'config/environments/prod.yaml', replace: 'maximum: 500', by: 'maximum: "500"' }],
    problems: [
      'config/environments/prod.yaml:13:14 cluster.capacity.maximum: got "500"; a number is expected; write 500 without quotes',
    ],
  },
  {
    name: 'a fraction of an instance',
    edits: [{ file: 'config/environments/staging.yaml', replace: 'maximum: 4', by: 'maximum: 4.5' }],
    problems: [
      'config/environments/staging.yaml:12:14 cluster.capacity.maximum: got 4.5; a whole number is expected; write 4 or 5',
    ],
  },
  {
    name: 'an account that is not quoted',
    edits: [{ file: 'config/environments/prod.yaml', replace: '"111122223333"', by: '011122223333' }],
    problems: [
      'config/environments/prod.yaml:4:12 aws.account: got 11122223333; text is expected; quote it: "011122223333"',
    ],
  },
  {
    name: 'an account of eleven digits',
    edits: [{ file: 'config/environments/prod.yaml', replace: '"111122223333"', by: '"11112222333"' }],
    problems: [
      'config/environments/prod.yaml:4:12 aws.account: got "11112222333"; an AWS account is 12 digits, quoted; write one like "111122223333"',
    ],
  },
  {
    name: 'yes for true',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'external: false', by: 'external: no' }],
    problems: [
      'config/clouds/north.yaml:53:15 networks.partner.external: got "no"; true or false is expected; write false',
    ],
  },
  {
    name: 'text for a list',
    edits: [
      { file: 'config/blueprints/app.yaml', replace: 'from: [office] }\n\ntiers', by: 'from: office }\n\ntiers' },
    ],
    problems: ['config/blueprints/app.yaml:3:25 ssh.from: got "office"; a list is expected; write a list: [office]'],
  },
  {
    name: 'nothing for a map',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'racks:\n  a: {}\n  b: {}', by: 'racks:' }],
    problems: ['config/clouds/north.yaml:7:7 racks: got nothing (null); a map is expected; write a map'],
  },
  {
    name: 'an empty list',
    edits: [
      { file: 'config/blueprints/app.yaml', replace: '{ port: 8080, from: [web] }', by: '{ port: 8080, from: [] }' },
    ],
    problems: [
      'config/blueprints/app.yaml:13:29 tiers.web.listens[0].from: got an empty list; at least one is required; write one or more',
    ],
  },
  {
    name: 'a number below the least',
    edits: [{ file: 'config/environments/staging.yaml', replace: 'maximum: 4', by: 'maximum: 0' }],
    problems: [
      'config/environments/staging.yaml:12:14 cluster.capacity.maximum: got 0; the minimum is 1; write 1 or more',
    ],
  },
  {
    name: 'a number above the most',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'vlan: 100,', by: 'vlan: 5000,' }],
    problems: [
      'config/clouds/north.yaml:20:40 planes.internal.vlan: got 5000; the maximum is 4094; write 4094 or less',
    ],
  },
  {
    name: 'a number beyond all numbers',
    edits: [{ file: 'config/environments/staging.yaml', replace: 'maximum: 4', by: 'maximum: 99999999999999999999' }],
    problems: [
      'config/environments/staging.yaml:12:14 cluster.capacity.maximum: got 100000000000000000000; the maximum is 5000; write 5000 or less',
    ],
  },
  {
    name: 'infinity',
    edits: [{ file: 'config/prices/north.yaml', replace: 'vcpu: 4.5', by: 'vcpu: .inf' }],
    problems: ['config/prices/north.yaml:1:7 vcpu: got .inf; a finite number is expected; write a number'],
  },
  {
    name: 'a negative price',
    edits: [{ file: 'config/prices/north.yaml', replace: 'vcpu: 4.5', by: 'vcpu: -1' }],
    problems: ['config/prices/north.yaml:1:7 vcpu: got -1; the minimum is 0; write 0 or more'],
  },
  {
    name: 'zero where more is needed',
    edits: [{ file: 'config/environments/base.yaml', replace: 'backlogPerInstance: 10', by: 'backlogPerInstance: 0' }],
    problems: [
      'config/environments/base.yaml:15:25 cluster.scaling.backlogPerInstance: got 0; it must be more than 0; write more than 0',
    ],
  },
  {
    name: 'a word of no list',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'layout: starter', by: 'layout: convergent' }],
    problems: [
      'config/clouds/north.yaml:5:9 layout: got "convergent"; it is not one of the accepted values; write one of starter, converged, separated; nearest is converged',
    ],
  },
  {
    name: 'a role of no list',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'roles: [control]', by: 'roles: [controller]' }],
    problems: [
      'config/clouds/north.yaml:15:31 hosts.control.roles[0]: got "controller"; it is not one of the accepted values; write control',
    ],
  },
];
