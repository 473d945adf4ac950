import type { BrokenRow } from './edit.ts';

export const counts: readonly BrokenRow[] = [
  {
    name: 'a lease past its date',
    edits: [{ file: 'config/dev/alice.yaml', replace: 'until: 2026-12-09', by: 'until: 2026-11-19' }],
    problems: [
      'config/dev/alice.yaml:4:8 until warning: got 2026-11-19, which has passed; the environment still exists and costs money; run `tandem env reap`, or `tandem env extend alice`',
    ],
  },
  {
    name: 'a lease that ends before it begins',
    edits: [{ file: 'config/dev/alice.yaml', replace: 'until: 2026-12-09', by: 'until: 2026-11-09' }],
    problems: [
      'config/dev/alice.yaml:4:8 until: got 2026-11-09; the lease begins on 2026-11-10; write a later day, such as 2026-11-27',
    ],
  },
  {
    name: 'a lease longer than allowed',
    edits: [
      {
        file: 'config/dev/bruno.yaml',
        replace: 'since: 2026-11-16\nuntil: 2026-12-15T18:00Z',
        by: 'since: 2026-12-01\nuntil: 2027-01-15',
      },
    ],
    problems: [
      'config/dev/bruno.yaml:5:8 until: got 2027-01-15, 46 days from its start; a lease lasts at most 30 days (leases.maximumDays); write 2026-12-30 or earlier, and extend it in time',
    ],
  },
  {
    name: 'a lease that lasts too long from today',
    edits: [{ file: 'config/dev/alice.yaml', replace: 'until: 2026-12-09', by: 'until: 2027-01-09' }],
    problems: [
      'config/dev/alice.yaml:4:8 until: got 2027-01-09, 50 days from today; a lease lasts at most 30 days (leases.maximumDays); write 2026-12-20 or earlier, and extend it in time',
    ],
  },
  {
    name: 'a life longer than allowed',
    edits: [{ file: 'config/dev/alice.yaml', replace: 'since: 2026-11-10', by: 'since: 2026-08-10' }],
    problems: [
      'config/dev/alice.yaml:4:8 until: got 2026-12-09, 122 days after its start; a dev environment lasts at most 90 days (leases.maximumTotalDays); write protected: true, or raise leases.maximumTotalDays to 122',
    ],
  },
  {
    name: 'more on-demand instances than instances',
    edits: [{ file: 'config/environments/prod.yaml', replace: 'onDemandBase: 10', by: 'onDemandBase: 600' }],
    problems: [
      'config/environments/prod.yaml:15:19 cluster.capacity.onDemandBase: got 600; the maximum is 500; write 500 or less',
    ],
  },
  {
    name: 'fewest above most',
    edits: [{ file: 'config/environments/prod.yaml', replace: 'minimum: 10', by: 'minimum: 600' }],
    problems: [
      'config/environments/prod.yaml:12:14 cluster.capacity.minimum: got 600; the maximum is 500; write 500 or less',
    ],
  },
  {
    name: 'Spot without room for it',
    edits: [{ file: 'config/environments/prod.yaml', replace: 'onDemandBase: 10', by: 'onDemandBase: 500' }],
    problems: [
      'config/environments/prod.yaml:14:23 cluster.capacity.spotSharePercent warning: got 70; all 500 instances are on demand (onDemandBase), so none can be Spot; lower onDemandBase, or write 0',
    ],
  },
  {
    name: 'Spot with one instance type',
    edits: [
      { file: 'config/environments/base.yaml', replace: 'types: [c7g.xlarge, m7g.xlarge]', by: 'types: [c7g.xlarge]' },
    ],
    problems: [
      'config/environments/prod.yaml:14:23 cluster.capacity.spotSharePercent warning: got 70 with one instance type; when its Spot pool is exhausted, all its instances are interrupted at once; write several types in cluster.instances.types, or 0',
    ],
  },
  {
    name: 'an instance type twice',
    edits: [
      { file: 'config/environments/base.yaml', replace: '[c7g.xlarge, m7g.xlarge]', by: '[c7g.xlarge, c7g.xlarge]' },
    ],
    problems: [
      'config/environments/base.yaml:9:25 cluster.instances.types[1]: got "c7g.xlarge" a second time; remove it',
    ],
  },
  {
    name: 'a type of another architecture',
    edits: [{ file: 'config/environments/base.yaml', replace: 'm7g.xlarge', by: 'm7i.xlarge' }],
    problems: [
      'config/environments/base.yaml:9:25 cluster.instances.types[1]: got "m7i.xlarge", which is x86_64; the cluster\'s image is arm64; write a type of arm64, such as m7g.xlarge',
    ],
  },
  {
    name: 'an image of another architecture',
    edits: [{ file: 'config/environments/base.yaml', replace: 'al2023-arm64', by: 'al2023-x86_64' }],
    problems: [
      "config/environments/base.yaml:10:21 cluster.instances.imageParameter: got an image for x86_64; the cluster's architecture is arm64; write /images/al2023-arm64",
    ],
  },
  {
    name: 'a zone twice',
    edits: [{ file: 'config/environments/base.yaml', replace: '[a, b, c]', by: '[a, b, b]' }],
    problems: [
      'config/environments/base.yaml:4:17 aws.zones[2]: got "b" a second time; a zone has one subnet; remove it',
    ],
  },
  {
    name: 'jobs that vanish before their last delivery',
    edits: [
      {
        file: 'config/environments/base.yaml',
        replace: '  worker:',
        by: '  queues: { jobs: { retentionDays: 1, maximumReceives: 100 } }\n  worker:',
      },
    ],
    problems: [
      'config/environments/base.yaml:11:36 cluster.queues.jobs.retentionDays warning: got 1; 100 deliveries of a job of 1800 s take longer than that many days, and the job would expire before it reaches the dead-letter queue; write 3 or more',
    ],
  },
  {
    name: 'jobs hidden for longer than any runs',
    edits: [
      {
        file: 'config/environments/base.yaml',
        replace: '  worker:',
        by: '  queues: { jobs: { visibilityTimeoutSeconds: 7200 } }\n  worker:',
      },
    ],
    problems: [
      'config/environments/base.yaml:11:47 cluster.queues.jobs.visibilityTimeoutSeconds warning: got 7200; no job runs longer than 1800 s (worker.timeoutSeconds), so that the job of a lost worker is retried later than it could be; write 1800 or less',
    ],
  },
  {
    name: 'more servers than hosts to spread them over',
    edits: [
      { file: 'config/blueprints/app.yaml', replace: 'flavor: small\n    count: 2', by: 'flavor: small\n    count: 5' },
    ],
    problems: [
      'config/blueprints/app.yaml:9:12 tiers.web.count: got 5; placement: spread never puts two on one host, and the zones of cloud north have 4; write 4 or less, or placement: any',
    ],
  },
  {
    name: 'more servers than hosts by a lease',
    edits: [{ file: 'config/dev/bruno.yaml', replace: 'count: 1', by: 'count: 6' }],
    problems: [
      'config/dev/bruno.yaml:7:17 tiers.web.count: got 6; placement: spread never puts two on one host, and the zones of cloud north have 4; write 4 or less, or placement: any in blueprint app',
    ],
  },
  {
    name: 'more vCPUs than the cloud has',
    edits: [
      {
        file: 'config/blueprints/app.yaml',
        replace: 'flavor: large',
        by: 'flavor: large\n    count: 33\n    placement: any',
      },
      {
        file: 'config/clouds/north.yaml',
        replace: 'storage:\n  backend: ceph\n  usableGiB: 1000',
        by: 'overcommit: { vcpus: 1 }\nstorage:\n  backend: ceph\n  usableGiB: 100000',
      },
      { file: 'config/clouds/north.yaml', replace: 'memoryGiB: 72', by: 'memoryGiB: 720' },
    ],
    problems: [
      'config/dev/alice.yaml:1:12 blueprint: got "app"; from this lease on the capacity is exceeded: all leases together take 531 vCPUs of 128 that cloud north has (its compute hosts and overcommit); lower counts or flavors, end or freeze a lease, or add hosts',
    ],
  },
  {
    name: 'more memory than the cloud has',
    edits: [
      {
        file: 'config/dev/bruno.yaml',
        replace: 'web: { count: 1, flavor: small }',
        by: 'store: { count: 4, flavor: large }',
      },
      { file: 'config/clouds/north.yaml', replace: 'memoryGiB: 72', by: 'memoryGiB: 28' },
    ],
    problems: [
      'config/dev/bruno.yaml:1:12 blueprint: got "app"; from this lease on the capacity is exceeded: all leases together take 90112 MiB of memory of 81920 that cloud north has (its compute hosts and overcommit); lower counts or flavors, end or freeze a lease, or add hosts',
    ],
  },
  {
    name: 'a zone smaller than its share',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: 'compute-b: { rack: b, roles: [compute], hardware: compute, count: 2',
        by: 'compute-b: { rack: b, roles: [compute], hardware: weak, count: 2',
      },
      {
        file: 'config/clouds/north.yaml',
        replace: 'hardware:\n',
        by: 'hardware:\n  weak: { vcpus: 32, memoryGiB: 24, diskGiB: 2000 }\n',
      },
      { file: 'config/blueprints/app.yaml', replace: 'flavor: large', by: 'flavor: large\n    count: 4' },
      { file: 'config/clouds/north.yaml', replace: 'usableGiB: 1000', by: 'usableGiB: 10000' },
    ],
    problems: [
      'config/dev/alice.yaml:1:12 blueprint: got "app"; from this lease on the capacity is exceeded: all leases together take 67584 MiB of memory of 32768 in zone second of cloud north; lower counts or flavors, end or freeze a lease, or add hosts',
    ],
  },
  {
    name: 'more volumes and root disks than the storage has',
    edits: [{ file: 'config/blueprints/app.yaml', replace: 'sizeGiB: 100', by: 'sizeGiB: 600' }],
    problems: [
      'config/dev/bruno.yaml:1:12 blueprint: got "app"; from this lease on the capacity is exceeded: all leases together take 1420 GiB of storage of 1000 that cloud north has (storage.usableGiB); lower counts or flavors, end or freeze a lease, or add hosts',
    ],
  },
  {
    name: 'more floating addresses than others leave',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: 'last: 198.18.0.29',
        by: 'last: 198.18.0.29, except: [{ first: 198.18.0.14, last: 198.18.0.28 }]',
      },
    ],
    problems: [
      'config/dev/bruno.yaml:1:12 blueprint: got "app"; from this lease on the capacity is exceeded: all leases together take 7 floating addresses of 5 that cloud north has (the allocation of the external network that leases use); lower counts or flavors, end or freeze a lease, or add hosts',
    ],
  },
  {
    name: 'more floating addresses than there are',
    edits: [{ file: 'config/clouds/north.yaml', replace: 'last: 198.18.0.29', by: 'last: 198.18.0.15' }],
    problems: [
      'config/dev/bruno.yaml:1:12 blueprint: got "app"; from this lease on the capacity is exceeded: all leases together take 7 floating addresses of 6 that cloud north has (the allocation of the external network that leases use); lower counts or flavors, end or freeze a lease, or add hosts',
    ],
  },
  {
    name: 'more floating addresses than the external network that leases use has',
    edits: [
      {
        file: 'config/clouds/north.yaml',
        replace: 'last: 198.18.0.29',
        by: 'last: 198.18.0.15',
      },
      {
        file: 'config/clouds/north.yaml',
        replace: 'networks:\n',
        by: 'externalNetwork: public\nnetworks:\n  other: { type: flat, physicalNetwork: other, cidr: 198.18.4.0/24, gateway: 198.18.4.1, allocation: { first: 198.18.4.10, last: 198.18.4.200 } }\n',
      },
    ],
    problems: [
      'config/dev/bruno.yaml:1:12 blueprint: got "app"; from this lease on the capacity is exceeded: all leases together take 7 floating addresses of 6 that cloud north has (the allocation of the external network that leases use); lower counts or flavors, end or freeze a lease, or add hosts',
    ],
  },
  {
    name: 'more environments than the tenant pool has networks',
    edits: [{ file: 'config/clouds/north.yaml', replace: '10.2.0.0/16', by: '10.2.0.0/24' }],
    problems: [
      'config/dev/bruno.yaml:1:12 blueprint: got "app"; from this lease on the capacity is exceeded: all leases together take 512 tenant addresses of 256 that cloud north has (its tenant pools); lower counts or flavors, end or freeze a lease, or add hosts',
    ],
  },
  {
    name: 'a host name that is too long',
    edits: [
      { file: 'config/dev/alice.yaml' },
      {
        file: 'config/dev/the-environment-of-alice-liddell.yaml',
        content: 'blueprint: app\nowner: alice@acme.example.org\nsince: 2026-11-10\nuntil: 2026-12-09\n',
      },
      {
        file: 'config/blueprints/app.yaml',
        replace: '  web:\n    image',
        by: '  the-frontend-of-everything-here:\n    image',
      },
      { file: 'config/blueprints/app.yaml', replace: 'tier: web', by: 'tier: the-frontend-of-everything-here' },
      { file: 'config/blueprints/app.yaml', replace: 'from: [web] }', by: 'from: [world] }' },
      { file: 'config/blueprints/app.yaml', replace: 'from: [web, store]', by: 'from: [store]' },
      { file: 'config/dev/bruno.yaml', replace: '  web:', by: '  the-frontend-of-everything-here:' },
    ],
    problems: [
      'config/dev/the-environment-of-alice-liddell.yaml:1:1: got the file name "the-environment-of-alice-liddell"; its server the-environment-of-alice-liddell-the-frontend-of-everything-here-2 has 66 characters, and a host name has at most 63; rename the file to at most 29 characters, or shorten the tier\'s name',
    ],
  },
];
