import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { loadAndCheck } from '../../../lib/config/check.ts';
import { formatProblem, type Problem } from '../../../lib/config/diagnostic.ts';
import { memoryFiles } from '../../../lib/config/files.ts';
import { draws } from '../../chaos.ts';
import { type Files, follow, type Way } from './advice.ts';
import { addresses } from './broken/addresses.ts';
import { approvers } from './broken/approvers.ts';
import { blueprints } from './broken/blueprints.ts';
import { clouds } from './broken/clouds.ts';
import { clusters } from './broken/clusters.ts';
import { counts } from './broken/counts.ts';
import { apply, type Edit } from './broken/edit.ts';
import { layers } from './broken/layers.ts';
import { reading } from './broken/reading.ts';
import { shape } from './broken/shape.ts';
import { texts } from './broken/texts.ts';
import { values } from './broken/values.ts';
import { minimal, TODAY } from './minimal.ts';

const rows = [reading, shape, values, clouds, blueprints, addresses, counts, texts, approvers, layers, clusters].flat();

function problemsOf(files: Files): readonly Problem[] {
  return loadAndCheck(memoryFiles(files), TODAY).problems;
}

/** What is said about the place of a problem once its fix is followed; of a list, about any of its entries. */
function leftAt(problem: Problem, { files, isExample }: Way): string[] {
  const list = problem.path.replace(/\[\d+\]$/, '');
  return problemsOf(files)
    .filter(({ file, path }) => file === problem.file && (path === problem.path || path.startsWith(`${list}[`)))
    .filter(({ code }) => !(isExample || isLimit(problem)) || code === problem.code)
    .map(formatProblem);
}

/** A limit of the schema: which values below it go with others is for the rules to say. */
function isLimit({ code }: Problem): boolean {
  return code === 'too-big' || code === 'too-small';
}

/** Codes of problems, or fixes, where no value can be proposed: what is right only people know. */
const FOR_PEOPLE = new Set([
  'ambiguous-name',
  'approval-key-taken',
  'approver-name-taken',
  'approver-twice',
  'make a key with `ssh-keygen -t ed25519`',
  'write an ssh-ed25519 key',
  'write the line of a file like ~/.ssh/id_ed25519.pub',
  'write what `tandem secret key` prints, 62 characters from age1 on; a secret key never stands here',
  'boot-secrets-address',
  'duplicate-segment',
  'duplicate-tier',
  'duplicate-vlan',
  'empty-zone',
  'extends-cycle',
  'image-without-source',
  'ladder-in-circle',
  'let bob accept it',
  'remove the override',
  'lease-expired',
  'missing-backend',
  'missing-key',
  'override-not-owner',
  'override-expired',
  'answered-choice',
  'give each host a name of its own',
  'missing-price',
  'missing-segment',
  'missing-store',
  'no-capacity',
  'write defaultVolumeType: standard, or another of them',
  'write externalNetwork: partner, or another of them',
  'no-tiers',
  'no-volume-type',
  'one-spot-pool',
  'open-choice',
  'part-in-circle',
  'path-not-allowed',
  'path-outside-project',
  'reserved-name',
  'unbounded-warm-pool',
  'iam-too-wide',
  'policy-elsewhere',
  'image-elsewhere',
  'service-unreachable',
  'write 4 queues or fewer',
  'write one queue, like jobs: {}',
  'write command: [] beside it, or remove it',
  'write archive: { path, version }, or container: { image }',
  'vip-name-taken',
  'write nat, or endpoints that have them',
  'write types: [] beside it, or remove it',
  'write more zones, or cluster.network.subnetPrefixLength: 22',
  'write several types in cluster.instances.types, or 0',
  'write a map',
  'write a number',
  'write one or more',
  'shorten it',
  'remove it, store the value with `tandem secret put secret:<name>`, and write a reference, a file or a variable in its place',
  'write it without other characters',
  'write it without what stands before the @; credentials are stored with `tandem secret put secret:<name>`',
  'write one like 0 6 * * 1-5',
  'write it without the brackets',
  'write a space between the braces',
  'write the value, or secret:<name> where a secret is asked for',
  'shorten it, or keep it in a file of its own',
  'write the name of one file, without .yaml',
  'write secret:<name>, and store the value with `tandem secret put secret:<name>`',
  'write the line of the .pub file, of type ssh-ed25519, ssh-rsa, ecdsa-sha2-nistp256 or sk-ssh-ed25519@openssh.com',
]);

describe('what validation advises', () => {
  const advised = rows.flatMap(({ edits }) => {
    const files = apply(minimal(), edits);
    return problemsOf(files).map((problem) => ({ files, problem, line: formatProblem(problem) }));
  });
  const inFiles = advised.filter(({ problem }) => problem.path !== '');
  const followed = inFiles.map((each) => ({ ...each, ways: follow(each.files, each.problem) }));

  it.each(followed.filter(({ ways }) => ways !== undefined))('solves the problem: $line', ({ problem, ways = [] }) => {
    for (const way of ways) expect(leftAt(problem, way)).toEqual([]);
  });

  it('is a value wherever one can be proposed', () => {
    const others = followed.filter(({ ways }) => ways === undefined).map(({ problem }) => problem);
    const isForPeople = ({ code, fix }: Problem) => FOR_PEOPLE.has(code) || FOR_PEOPLE.has(fix);
    expect(others.filter((problem) => !isForPeople(problem)).map(formatProblem)).toEqual([]);
    expect(followed.length - others.length).toBeGreaterThan(90);
  });
});

/** Follows one fix after the other below a path, and counts them. */
function settle(files: Files, prefix: string): number {
  let current = files;
  for (let round = 0; round < 6; round += 1) {
    const problem = problemsOf(current).find(({ path }) => path.startsWith(prefix));
    if (problem === undefined) return round;
    const [way] = follow(current, problem) ?? [];
    if (way === undefined) throw new Error(`no value is proposed: ${formatProblem(problem)}`);
    expect(leftAt(problem, way), formatProblem(problem)).toEqual([]);
    current = way.files;
  }
  throw new Error(`no end: ${problemsOf(current).map(formatProblem).join('\n')}`);
}

describe('what validation advises about numbers that depend on each other', () => {
  const prod = 'config/environments/prod.yaml';
  const base = 'config/environments/base.yaml';
  const edited = (edits: readonly Edit[]) => apply(minimal(), edits);

  it('is enough for the largest fleet in the largest VPC', () => {
    const files = edited([
      { file: prod, replace: 'maximum: 500', by: 'maximum: 5000' },
      { file: prod, replace: '10.3.0.0/21', by: '10.5.0.0/16' },
      { file: prod, replace: 'subnetPrefixLength: 23', by: 'subnetPrefixLength: 20' },
    ]);
    expect(problemsOf(files).map(formatProblem)).toEqual([
      'config/environments/prod.yaml:9:25 cluster.network.subnetPrefixLength: got 20 for 5000 instances in 3 zones; after losing one they hold 8182 addresses, and replacing all at once takes 10000; lower cluster.capacity.maximum to 4091, or use more zones',
    ]);
    expect(settle(files, 'cluster.network')).toBe(1);
  });

  it('leads to a VPC that holds its subnets, and to subnets that hold the fleet', () => {
    const network = fc.record({
      maximum: fc.integer({ min: 10, max: 5000 }),
      vpc: fc.integer({ min: 12, max: 30 }),
      subnet: fc.integer({ min: 20, max: 26 }),
      zones: fc.integer({ min: 1, max: 6 }),
      nat: fc.boolean(),
    });
    fc.assert(
      fc.property(network, ({ maximum, vpc, subnet, zones, nat }) => {
        const subnets = `subnetPrefixLength: ${subnet}${nat ? '\n    egress: nat' : ''}`;
        const files = edited([
          { file: prod, replace: 'maximum: 500', by: `maximum: ${maximum}` },
          { file: prod, replace: '10.3.0.0/21', by: `172.16.0.0/${vpc}` },
          { file: prod, replace: 'subnetPrefixLength: 23', by: subnets },
          {
            file: base,
            replace: 'zones: [a, b, c]',
            by: `zones: [${['a', 'b', 'c', 'd', 'e', 'f'].slice(0, zones).join(', ')}]`,
          },
        ]);
        expect(settle(files, 'cluster.network')).toBeLessThanOrEqual(4);
      }),
      draws(25),
    );
  });

  it('solves what numbers of a cluster contradict, whichever layer wrote them', () => {
    const size = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 5000 }));
    const seconds = fc.oneof(fc.integer({ min: 60, max: 600 }), fc.integer({ min: 60, max: 43_200 }));
    const cluster = fc.record(
      {
        capacity: fc.record(
          {
            minimum: size,
            maximum: size.map((each) => Math.max(1, each)),
            onDemandBase: size,
            spotSharePercent: fc.integer({ min: 0, max: 100 }),
            warmPool: fc.record({ minimum: size, preparedCapacity: size }, { requiredKeys: [] }),
          },
          { requiredKeys: [] },
        ),
        queues: fc.dictionary(
          fc.constantFrom('jobs', 'urgent'),
          fc.record(
            {
              visibilityTimeoutSeconds: seconds,
              retentionDays: fc.integer({ min: 1, max: 14 }),
              maximumReceives: fc.integer({ min: 1, max: 1000 }),
              timeoutSeconds: seconds,
            },
            { requiredKeys: [] },
          ),
          { minKeys: 1 },
        ),
        worker: fc.record({ timeoutSeconds: seconds }, { requiredKeys: [] }),
        health: fc.record(
          {
            drainHeartbeatSeconds: fc.integer({ min: 30, max: 7200 }),
            minimumHealthyPercent: fc.integer({ min: 0, max: 100 }),
            maximumHealthyPercent: fc.integer({ min: 100, max: 200 }),
          },
          { requiredKeys: [] },
        ),
        instances: fc.record(
          {
            architecture: fc.constantFrom('arm64', 'x86_64'),
            types: fc.subarray(['c7g.large', 'c7i.large', 'm7g.large']),
          },
          { requiredKeys: [] },
        ),
        scaling: fc.record(
          {
            schedules: fc.record({
              day: fc
                .record({ minimum: size, maximum: size.map((each) => Math.max(1, each)) }, { requiredKeys: [] })
                .map((sizes) => ({ recurrence: '0 6 * * *', ...sizes })),
            }),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    );
    const over = (file: string, changed: object): string => {
      const document = parseDocument(minimal()[file] ?? '');
      const write = (path: readonly string[], value: unknown): void => {
        if (typeof value === 'object' && value !== null && !Array.isArray(value))
          for (const [key, inner] of Object.entries(value)) write([...path, key], inner);
        else document.setIn(path, document.createNode(value));
      };
      write(['cluster'], changed);
      return document.toString();
    };
    let followedFixes = 0;
    fc.assert(
      fc.property(cluster, cluster, (below, above) => {
        const files: Files = { ...minimal(), [base]: over(base, below), [prod]: over(prod, above) };
        const problems = problemsOf(files);
        for (const problem of problems) {
          const here = ({ file, path, code }: Problem) =>
            file === problem.file && path === problem.path && code === problem.code;
          // A layer of several environments has a problem, and a number, of each: the others' stay told until theirs is followed.
          const others = new Set(
            problems.filter((each) => here(each) && each.fix !== problem.fix).map(({ fix }) => fix),
          );
          for (const way of follow(files, problem) ?? []) {
            followedFixes += 1;
            const left = problemsOf(way.files).filter((each) => here(each) && !others.has(each.fix));
            expect(left.map(formatProblem), formatProblem(problem)).toEqual([]);
          }
        }
      }),
      {
        numRuns: 40,
        examples: [
          [
            {
              queues: { urgent: { timeoutSeconds: 3001 }, jobs: { timeoutSeconds: 3101 } },
              health: { drainHeartbeatSeconds: 30 },
            },
            { queues: { jobs: { timeoutSeconds: 60 } } },
          ],
          [{ capacity: { warmPool: { minimum: 501, preparedCapacity: 502 } } }, {}],
        ],
      },
    );
    expect(followedFixes).toBeGreaterThan(40);
  });

  it('leads to networks of dev environments that hold their servers, and fit into a pool', () => {
    const sizes = fc.record({
      servers: fc.integer({ min: 0, max: 200 }),
      network: fc.integer({ min: 16, max: 28 }),
      pool: fc.integer({ min: 14, max: 28 }),
    });
    fc.assert(
      fc.property(sizes, ({ servers, network, pool }) => {
        const app = 'config/blueprints/app.yaml';
        const cloud = 'config/clouds/north.yaml';
        const files = edited([
          { file: app, replace: '    count: 2', by: `    count: ${servers}\n    placement: any` },
          { file: app, replace: 'ssh:', by: `prefixLength: ${network}\nssh:` },
          { file: cloud, replace: '10.2.0.0/16, prefixLength: 24', by: `10.32.0.0/${pool}, prefixLength: 28` },
        ]);
        const problem = problemsOf(files).find(({ path }) => path === 'prefixLength');
        const [way] = problem === undefined ? [] : (follow(files, problem) ?? []);
        if (problem !== undefined && way !== undefined)
          expect(leftAt(problem, way), formatProblem(problem)).toEqual([]);
      }),
      draws(25),
    );
  });

  it('leads to a lease that the policy allows', () => {
    const days = fc.integer({ min: 1, max: 300 });
    const day = (offset: number) => new Date(TODAY.getTime() + offset * 86_400_000).toISOString().slice(0, 10);
    fc.assert(
      fc.property(days, fc.integer({ min: -300, max: 300 }), days, days, (age, until, maximum, total) => {
        const policy = (minimal()['config/tandem.yaml'] ?? '')
          .replace(/maximumDays: \d+/, `maximumDays: ${Math.min(maximum, total)}`)
          .replace(/maximumTotalDays: \d+/, `maximumTotalDays: ${total}`)
          .replace(/defaultDays: \d+/, 'defaultDays: 1');
        const lease = `blueprint: app\nowner: a@example.org\nsince: ${day(-age)}\nuntil: ${day(until)}\n`;
        const files: Files = { ...minimal(), 'config/tandem.yaml': policy, 'config/dev/alice.yaml': lease };
        for (const problem of problemsOf(files).filter(({ path }) => path === 'until')) {
          for (const way of follow(files, problem) ?? [])
            expect(leftAt(problem, way), formatProblem(problem)).toEqual([]);
        }
      }),
      draws(30),
    );
  });
});
