import type { BrokenRow } from './edit.ts';

export const clouds: readonly BrokenRow[] = [
  {
    name: 'secrets at boot from a Vault that is nowhere',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: 'bootSecrets: { service: barbican }',
        by: 'bootSecrets: { service: vault }',
      },
    ],
    problems: [
      "config/clouds/north.yaml:74:25 bootSecrets.service: got vault; Vault has an address of its own, and Barbican that of the cloud's catalogue; write barbican, which needs no url",
    ],
  },
  {
    name: 'secrets at boot from Barbican at an address',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: 'bootSecrets: { service: barbican }',
        by: 'bootSecrets: { service: barbican, url: "https://km.example.org" }',
      },
    ],
    problems: [
      "config/clouds/north.yaml:74:40 bootSecrets.url: got https://km.example.org; Vault has an address of its own, and Barbican that of the cloud's catalogue; remove it, or write service: vault",
    ],
  },
  {
    name: 'failover times that leave no room for each other',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: 'layout: starter',
        by: 'layout: starter\nkolla: { secrets: /etc/kolla/north, timers: { galeraKeepalive: 0.5, databaseRead: 2 } }',
      },
    ],
    problems: [
      'config/clouds/north.yaml:6:64 kolla.timers.galeraKeepalive: got 0.5; Galera evs.suspect_timeout 1.5 must be at least 3.5 times Galera evs.keepalive_period 0.5: mariadbd refuses to start with three keepalives or fewer to a suspect_timeout; write 0.42 or less',
      'config/clouds/north.yaml:6:83 kolla.timers.databaseRead: got 2; database URL read_timeout 2 must be at least 2 times Galera evs.suspect_timeout 1.5: services would give a statement up while Galera still finds out who is left; write 3 or more',
    ],
  },
  {
    name: 'a question without an answer',
    edits: [
      { file: 'config/clouds/north.yaml', replace: 'compute: { vcpus: 32, ', by: 'compute: { ' },
      {
        file: 'config/clouds/north.yaml',
        replace: 'layout: starter',
        by: 'layout: starter\nopen: { hardware.compute.vcpus: how many threads? }',
      },
    ],
    problems: [
      'config/clouds/north.yaml:13:3 hardware.compute.vcpus: it is open: how many threads?; write vcpus: <a number>',
    ],
  },
  {
    name: 'a question with an answer',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: 'layout: starter',
        by: 'layout: starter\nopen: { hardware.compute.vcpus: how many threads? }',
      },
    ],
    problems: [
      'config/clouds/north.yaml:6:9 open.hardware.compute.vcpus warning: got a question about hardware.compute.vcpus, which has a value by now; remove the line',
    ],
  },
  {
    name: 'hosts with fewer names than there are',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: 'count: 2, firstAddress: 10.1.0.21',
        by: 'count: 2, names: [compute01], firstAddress: 10.1.0.21',
      },
    ],
    problems: ['config/clouds/north.yaml:16:69 hosts.compute-a.count: got 2; names has 1 of them; write 1'],
  },
  {
    name: 'a name for two hosts',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: 'count: 2, firstAddress: 10.1.0.21',
        by: 'count: 2, names: [compute01, control-1], firstAddress: 10.1.0.21',
      },
    ],
    problems: [
      'config/clouds/north.yaml:16:91 hosts.compute-a.names[1]: got "control-1", which is the name of a host of control already; give each host a name of its own',
    ],
  },
  {
    name: 'an unknown default cloud',
    edits: [{ file: 'config/tandem.yaml', replace: 'defaultCloud: north', by: 'defaultCloud: nort' }],
    problems: ['config/tandem.yaml:5:15 defaultCloud: got "nort"; there is no such cloud; write north'],
  },
  {
    name: 'a state back end without its section',
    edits: [{ file: 'config/tandem.yaml', replace: 'backend: local', by: 'backend: s3' }],
    problems: [
      'config/tandem.yaml:8:12 state.backend: got "s3"; the back end needs a section of its own; write state.s3 with bucket and region',
    ],
  },
  {
    name: 'a cloud of several people whose state each keeps for themselves',
    edits: [{ file: 'config/tandem.yaml', replace: '  backend: local', by: '  recipients: []' }],
    problems: [
      'config/tandem.yaml:7:1 state.backend warning: states of cloud north are kept in .tandem of each checkout; nobody else has them, and with the folder they are lost; write local, or s3 or pg with a section of its own where several people deploy',
    ],
  },
  {
    name: 'a default lease longer than any may be',
    edits: [{ file: 'config/tandem.yaml', replace: 'defaultDays: 7', by: 'defaultDays: 60' }],
    problems: [
      'config/tandem.yaml:11:16 leases.defaultDays: got 60; a lease lasts at most 30 days (maximumDays); write 30 or less',
    ],
  },
  {
    name: 'a longest lease beyond the longest life',
    edits: [{ file: 'config/tandem.yaml', replace: 'maximumDays: 30', by: 'maximumDays: 120' }],
    problems: [
      'config/tandem.yaml:12:16 leases.maximumDays: got 120; a dev environment lasts at most 90 days (maximumTotalDays); write 90 or less',
    ],
  },
  {
    name: 'an unknown base',
    edits: [{ file: 'config/environments/prod.yaml', replace: 'extends: base', by: 'extends: bse' }],
    problems: [
      'config/environments/prod.yaml:1:10 extends: got "bse"; there is no such file to extend; write one of base, staging; nearest is base',
    ],
  },
  {
    name: 'a base that is no name',
    edits: [{ file: 'config/environments/prod.yaml', replace: 'extends: base', by: 'extends: [base]' }],
    problems: [
      'config/environments/prod.yaml:1:10 extends: got a value that is not a name; a file extends one other file; write the name of one file, without .yaml',
    ],
  },
  {
    name: 'a cycle of bases',
    edits: [{ file: 'config/environments/base.yaml', replace: 'aws:\n', by: 'extends: prod\naws:\n' }],
    problems: [
      'config/environments/base.yaml:1:10 extends: got a cycle: base -> prod -> base; remove `extends` from one of them',
    ],
  },
  {
    name: 'an environment with the name of a cloud',
    edits: [
      {
        file: 'config/environments/north.yaml',
        content: 'extends: staging\ncluster: { network: { cidr: 10.3.16.0/21 } }\n',
      },
    ],
    problems: [
      'config/environments/north.yaml:1:1: got the name "north"; a cloud has it too, and commands could not tell them apart; rename one of the two files',
    ],
  },
  {
    name: 'an unknown rack of hosts',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'compute-b: { rack: b', by: 'compute-b: { rack: c' }],
    problems: [
      'config/clouds/north.yaml:17:22 hosts.compute-b.rack: got "c"; there is no such rack; write one of a, b',
    ],
  },
  {
    name: 'unknown hardware of hosts',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: 'compute-b: { rack: b, roles: [compute], hardware: compute',
        by: 'compute-b: { rack: b, roles: [compute], hardware: computer',
      },
    ],
    problems: [
      'config/clouds/north.yaml:17:53 hosts.compute-b.hardware: got "computer"; there is no such hardware; write compute',
    ],
  },
  {
    name: 'an unknown rack of a zone',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'second: { racks: [b] }', by: 'second: { racks: [b, c] }' }],
    problems: ['config/clouds/north.yaml:30:24 zones.second.racks[1]: got "c"; there is no such rack; remove it'],
  },
  {
    name: 'a rack in two zones',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'second: { racks: [b] }', by: 'second: { racks: [b, a] }' }],
    problems: [
      'config/clouds/north.yaml:30:24 zones.second.racks[1]: got "a", which is in zone first too; a host is in one availability zone; remove it, or remove it from zone first',
    ],
  },
  {
    name: 'a zone without compute hosts',
    edits: [
      { file: 'config/clouds/north.yaml', replace: '  b: {}', by: '  b: {}\n  c: {}' },
      {
        file: 'config/clouds/north.yaml',
        replace: 'second: { racks: [b] }',
        by: 'second: { racks: [b] }\n  third: { racks: [c] }',
      },
    ],
    problems: [
      'config/clouds/north.yaml:32:19 zones.third.racks: got c; no compute host is in these racks, so nothing could run in the zone; add racks with compute hosts, or remove the zone',
    ],
  },
  {
    name: 'an image from nowhere',
    edits: [
      { file: 'config/clouds/north.yaml', replace: '    url: https://images.acme.example.org/debian.qcow2\n', by: '' },
    ],
    problems: [
      'config/clouds/north.yaml:66:3 images.debian: got neither file nor url; an image has one source; write file or url',
    ],
  },
  {
    name: 'an image from two places',
    edits: [
      { file: 'config/clouds/north.yaml', replace: '    minimumDiskGiB: 5', by: '    file: images/debian.qcow2' },
    ],
    problems: [
      'config/clouds/north.yaml:67:5 images.debian.url: got both file and url; an image has one source; remove it, or remove file',
    ],
  },
  {
    name: 'an image that is a file of the deployer',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: '    url: https://images.acme.example.org/debian.qcow2',
        by: '    file: /home/ada/.ssh/id_ed25519',
      },
    ],
    problems: [
      'config/clouds/north.yaml:67:11 images.debian.file: got "/home/ada/.ssh/id_ed25519"; it is outside the project, and not where such files may be; put it into the project or /var/lib/tandem-lab/images, or have the deployer name its folder in TANDEM_ALLOWED_PATHS',
    ],
  },
  {
    name: 'an image that climbs out of the project',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: '    url: https://images.acme.example.org/debian.qcow2',
        by: '    file: images/../../secret.raw',
      },
    ],
    problems: [
      'config/clouds/north.yaml:67:11 images.debian.file: got "images/../../secret.raw"; it is outside the project, and not where such files may be; put it into the project or /var/lib/tandem-lab/images, or have the deployer name its folder in TANDEM_ALLOWED_PATHS',
    ],
  },
  {
    name: 'a flavor that fits no host',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: 'large: { vcpus: 8, memoryMiB: 16384',
        by: 'large: { vcpus: 64, memoryMiB: 99999',
      },
    ],
    problems: [
      'config/clouds/north.yaml:73:19 flavors.large.vcpus: got 64; the largest compute host has 32 hardware threads; write 32 or less',
      'config/clouds/north.yaml:73:34 flavors.large.memoryMiB: got 99999; the largest compute host has 65536 MiB of memory for instances; write 65536 or less',
    ],
  },
  {
    name: 'a source named world',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: 'office: [192.0.2.0/24]',
        by: 'office: [192.0.2.0/24]\n  world: [192.0.2.0/24]',
      },
    ],
    problems: [
      'config/clouds/north.yaml:60:3 sources.world: got "world"; the word is reserved in rules; choose another name',
    ],
  },
  {
    name: 'no volume type',
    edits: [
      { file: 'config/clouds/north.yaml', replace: '  volumeTypes:\n    standard: {}', by: '  volumeTypes: {}' },
      { file: 'config/blueprints/app.yaml', replace: ', type: standard', by: '' },
      { file: 'config/prices/north.yaml', replace: '{ standard: 0.08 }', by: '{}' },
    ],
    problems: [
      'config/clouds/north.yaml:35:16 storage.volumeTypes: got none; the cloud needs a volume type; write at least one, such as standard: {}',
    ],
  },
  {
    name: 'prices of an unknown cloud',
    edits: [
      {
        file: 'config/prices/nort.yaml',
        content: 'vcpu: 1\nmemoryGiB: 1\nvolumeGiB: {}\nfloatingAddress: 1\nloadBalancer: 1\n',
      },
    ],
    problems: [
      'config/prices/nort.yaml:1:1: got the file name "nort"; there is no cloud of this name; name the file after a cloud, or remove it',
    ],
  },
  {
    name: 'the price of an unknown volume type',
    edits: [{ file: 'config/prices/north.yaml', replace: 'standard: 0.08', by: 'standart: 0.08' }],
    problems: [
      'config/prices/north.yaml:3:14 volumeGiB.standart: got "standart"; there is no such volume type in cloud north; write standard',
    ],
  },
  {
    name: 'two external networks and no choice',
    edits: [{ file: 'config/clouds/north.yaml', replace: '    external: false\n', by: '' }],
    problems: [
      'config/clouds/north.yaml:38:1 networks: got partner, public, all external, and no externalNetwork; dev environments go out by one of them; write externalNetwork: partner, or another of them',
    ],
  },
  {
    name: 'a choice that is no external network',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: '    external: false\n',
        by: '    external: false\nexternalNetwork: partner\n',
      },
    ],
    problems: [
      'config/clouds/north.yaml:54:18 externalNetwork: got "partner"; there is no such external network; write public',
    ],
  },
  {
    name: 'two volume types and no default',
    edits: [
      { file: 'config/clouds/north.yaml', replace: '    standard: {}', by: '    standard: {}\n    fast: {}' },
      { file: 'config/prices/north.yaml', replace: 'standard: 0.08', by: 'standard: 0.08, fast: 0.16' },
    ],
    problems: [
      'config/clouds/north.yaml:35:3 storage.volumeTypes: got standard, fast, and no defaultVolumeType; a volume that names no type needs one; write defaultVolumeType: standard, or another of them',
    ],
  },
  {
    name: 'a default that is no volume type',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: '    standard: {}',
        by: '    standard: {}\n  defaultVolumeType: standart',
      },
    ],
    problems: [
      'config/clouds/north.yaml:37:22 storage.defaultVolumeType: got "standart"; there is no such volume type; write standard',
    ],
  },
  {
    name: 'a volume type without a price',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: '    standard: {}',
        by: '    standard: {}\n    fast: {}\n  defaultVolumeType: standard',
      },
    ],
    problems: [
      'config/prices/north.yaml:3:1 volumeGiB: volume type "fast" of cloud north has no price; its cost would be unknown; write fast: <price of a GiB a month>',
    ],
  },
];
