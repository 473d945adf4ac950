import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { simulateDocument } from '../../../lib/actions/simulate/document.ts';
import { describeVerbs, type VerbDescription } from '../../../lib/cli/describe-verbs.ts';
import { planRecovery } from '../../../lib/private-cloud/recovery/plan.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { tandemInProcess } from './in-process.ts';

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-json-'));
  cpSync(join(CODE_ROOT, 'config'), join(root, 'config'), { recursive: true });
  mkdirSync(join(root, 'empty'));
  writeFileSync(STATE, '{"version":4,"resources":[]}');
});
afterAll(() => {
  for (const folder of [root, dirname(STATE)]) rmSync(folder, { recursive: true, force: true });
});

const TREE = join(CODE_ROOT, 'test/lib/private-cloud/import/trees/kolla-ansible');

const STATE = join(mkdtempSync(join(tmpdir(), 'tandem-state-')), 'terraform.tfstate');

/** Command lines that need no cloud, by verb. */
const OFFLINE: Readonly<Record<string, readonly string[]>> = {
  validate: ['validate'],
  synth: ['synth openstack/lab/base kolla/paris'],
  plan: ['plan --base none openstack/lab/base', 'plan --base none anna'],
  why: ['why config/blueprints/di.yaml:14'],
  drift: ['drift'],
  list: ['list'],
  doctor: ['doctor'],
  history: ['history'],
  'state list': ['state list openstack/lab/base'],
  'state rotate': ['state rotate --yes'],
  'cloud check': ['cloud check --all', 'cloud check --rules', 'cloud check paris --secrets'],
  'cloud capacity': ['cloud capacity', 'cloud capacity paris --for di=200', 'cloud capacity paris --over 2w --hosts 1'],
  'cloud render': ['cloud render paris'],
  'cloud import': [`cloud import ${TREE}/multinode ${TREE}/globals.yml --name imported --out /dev/null --overwrite`],
  import: [`import openstack/lab/base ${STATE} --dry-run`],
  'cloud grow': ['cloud grow paris --to converged'],
  'cloud maintain': ['cloud maintain --all --cloud paris'],
  'cloud certificates': ['cloud certificates paris'],
  'cloud diagram': ['cloud diagram paris --off rack/b'],
  'cloud simulate-failure': ['cloud simulate-failure paris --pairs', 'cloud simulate-failure --off power-a'],
  simulate: [
    'simulate prod --workload made:burst --policies configured',
    'simulate staging --workload made:burst --fit --goal 300 --tries 1',
  ],
  'blueprint list': ['blueprint list --cloud paris'],
  'blueprint show': ['blueprint show ds'],
  'blueprint diagram': ['blueprint diagram di'],
  'image build': ['image build di --cloud paris --write-only'],
  'image vagrant': ['image vagrant di --cloud paris'],
  completion: ['completion zsh'],
};

const lock = {
  ...{ format: 'tandem.lock/1', stack: 'openstack/lab/base', owner: 'ops@here', host: 'here', processId: 1 },
  ...{ processStarted: '', verb: 'deploy', operation: '20261121T032210123-9f3a1c', since: '2026-11-21T03:22:10.000Z' },
};
const job = {
  ...{ id: 'a', queue: 'jobs', state: 'failed', submittedAt: lock.since, submittedBy: 'ops@here', at: lock.since },
  ...{ receives: 5, reason: 'ended with 3', size: 9, sha256: '00', expiresAt: 1795000000 },
};
const deployed = {
  ...{ kind: 'result', format: 'tandem.deploy/1', operation: lock.operation },
  summary: { create: 1, update: 0, interrupt: 0, replace: 0, delete: 0, other: 0, noise: 0 },
  stacks: [{ id: lock.stack, outcome: 'applied', seconds: 1.5, changes: 1 }],
};

const members = {
  ...{ format: 'tandem.cloud-members/1', cloud: 'paris', joining: ['compute-a-7'], leaving: [], engine: 'docker' },
  ...{ command: 'tandem cloud add compute-a-7 --cloud paris', done: false, steps: [] },
};

/** Documents of verbs that need a cloud, a lab or a store; what makes them is tested beside each. */
const MADE: Readonly<Record<string, object>> = {
  ...Object.fromEntries(['add', 'remove', 'replace'].map((verb) => [`cloud ${verb}`, members])),
  approve: {
    ...{ format: 'tandem.approval/1', file: 'prod.json', bundle: 'sha256:00', by: 'alice', approvedBy: ['alice'] },
    missing: [{ rule: 'one', reason: 'it matters', count: 2, of: [], have: 1 }],
    expiresAt: '2026-11-29T00:00:00.000Z',
  },
  deploy: deployed,
  destroy: deployed,
  adopt: {
    ...{ format: 'tandem.adopt/1', stack: lock.stack, lineage: '0b7c1a52-6c1e-4b58-9d0e-6f3a2f1c9d11' },
    from: { lineage: null, by: '', at: '', place: '' },
  },
  unlock: { format: 'tandem.unlock/1', stack: lock.stack, broken: lock, unreadable: null },
  revert: {
    ...{ format: 'tandem.revert/1', operation: lock.operation, stacks: [lock.stack], branch: 'tandem/revert-x' },
    ...{ commit: 'c0ffee', command: null, files: ['config/clouds/lab.yaml'], lasting: [], shared: [] },
    plan: {
      ...{ format: 'tandem.plan/1', base: { kind: 'commit', ref: 'c0ffee' }, digest: `sha256:${'0'.repeat(64)}` },
      ...{ summary: deployed.summary, stacks: [], findings: [], impact: [], availability: [], cost: null },
      approvals: [],
    },
  },
  'review post': {
    ...{ format: 'tandem.review-post/1', outcome: 'created', url: 'https://forge.example.org/7#1', removed: 0 },
    ...{ status: 'success', text: null },
  },
  output: { format: 'tandem.output/1', stack: lock.stack, outputs: { project_id: 'c0ffee' } },
  'state show': { format: 'tandem.state-show/1', stack: lock.stack, version: 'x', added: ['a.b'], lost: [], both: [] },
  'state restore': { format: 'tandem.state-restore/1', stack: lock.stack, version: 'x', added: [], lost: [], both: [] },
  'state forget': { format: 'tandem.state-forget/1', stack: lock.stack, version: 'x-left', moment: 'left behind in x' },
  'secret put': { format: 'tandem.secret/1', reference: 'secret:a', state: 'stored' },
  'secret list': {
    format: 'tandem.secret-list/1',
    secrets: [{ reference: 'secret:a', stored: false, usedBy: ['config/tandem.yaml:9'] }],
  },
  'secret key': { format: 'tandem.secret-key/1', recipients: ['age1x'], made: true, keyFile: null },
  'secret rotate': { format: 'tandem.secret-rotate/1', recipients: 2, file: 'secrets.age' },
  'secret remove': { format: 'tandem.secret/1', reference: 'secret:a', state: 'removed' },
  'job submit': {
    ...{
      format: 'tandem.job-submit/1',
      environment: 'prod',
      queue: 'jobs',
      jobs: 3,
      sent: 2,
      already: 1,
      seconds: 0.4,
    },
  },
  'job list': {
    ...{ format: 'tandem.job-list/1', environment: 'prod', jobs: [job], next: 'e30' },
    queues: [{ name: 'jobs', waiting: 1, running: 0, deadLetters: 2 }],
  },
  'job show': {
    ...{ format: 'tandem.job-show/1', environment: 'prod', id: 'a', record: job },
    result: { key: 'results/a', size: 4, etag: '"0"', writtenAt: job.at },
  },
  'job result': {
    ...{ format: 'tandem.job-result/1', environment: 'prod', id: 'a', size: 4, writtenAt: job.at, file: null },
    ...{ sha256: null, resumedAt: 0 },
  },
  'job retry': { format: 'tandem.job-retry/1', environment: 'prod', jobs: [{ id: 'a', outcome: 'sent' }] },
  'job cancel': {
    format: 'tandem.job-cancel/1',
    environment: 'prod',
    jobs: [{ id: 'a', state: 'running', isCancelled: false, instanceId: 'i-0' }],
  },
  'job redrive': {
    ...{ format: 'tandem.job-redrive/1', environment: 'prod', queue: 'jobs', deadLetters: 1, moved: 1, missing: ['b'] },
    shown: [{ jobId: 'a', sentAt: job.at, reason: 'ended with 3' }],
  },
  'program pack': {
    ...{ format: 'tandem.program-pack/1', path: 'programs/a', sha256: '00', bytes: 2048, files: 1 },
    archive: '.tandem/programs/00.tar',
  },
  'cloud status': {
    ...{ format: 'tandem.cloud-status/1', cloud: 'paris', asked: [{ area: 'hosts', count: 37 }] },
    differences: [{ area: 'hosts', subject: 'control-a-1', expected: 'answers', found: 'does not answer' }],
  },
  'cloud backup': {
    ...{ format: 'tandem.cloud-backup/1', cloud: 'paris', destination: '/srv/backups', state: 'good', taken: null },
    ...{ maximumAgeHours: 26, units: [] },
    backups: [
      {
        ...{ id: '20261128T023000Z-full', cloud: 'paris', endpoint: 'api.paris.example.org', kind: 'full', base: null },
        ...{ begunAt: lock.since, endedAt: lock.since, release: '2026.1', tree: null, problems: [] },
        database: { host: 'a', version: '10.11.6', uuid: 'u', seqno: 1, seqnoAfter: 2, source: 'full-1/a.gz' },
        files: [{ name: 'database.mbs.gz.age', holds: 'database', bytes: 9, sha256: '0'.repeat(64) }],
      },
    ],
  },
  'cloud recover': {
    ...{
      format: 'tandem.cloud-recover/1',
      cloud: 'paris',
      founder: 'a',
      why: 'its last write is number 1',
      executed: false,
    },
    positions: [{ host: 'a', uuid: 'u', seqno: 1 }],
    steps: planRecovery(
      { host: 'a', seqno: 1, why: '' },
      { database: ['a'], brokers: ['a'], raft: [], balancers: [] },
      'docker',
    ),
  },
  'cloud restore': {
    ...{ format: 'tandem.cloud-restore/1', cloud: 'paris', backup: '20261128T023000Z-full', at: lock.since },
    ...{ alive: ['a'], executed: false, outageSeconds: null, differences: null },
    steps: [
      {
        ...{ key: '3 stop', why: 'stops it', unavailable: ['every API'] },
        actions: [
          { kind: 'play', play: { key: 'restore-stop', verb: 'stop', tags: ['mariadb'], limit: [], extra: [] } },
          { kind: 'send', backup: 'x', host: 'a', path: '/v/full.mbs.gz' },
          { kind: 'verify', members: ['a'] },
        ],
      },
    ],
  },
  'link drill': {
    ...{ format: 'tandem.link-drill/1', link: 'main', adaptations: [{ file: 'a', what: 'b', why: 'c' }] },
    cases: [
      {
        ...{
          name: 'end-dies',
          title: 'an end point stops',
          measure: 'seconds',
          goal: null,
          predicted: 2.55,
          seen: [2.2],
        },
        ...{ worst: 2.2, asPredicted: true, reached: true, faults: [] },
      },
    ],
  },
  // With --record.
  simulate: {
    format: 'tandem.simulate/1',
    ...simulateDocument({
      ...{ kind: 'record', environment: 'prod', file: 'config/workloads/prod.csv', isJoined: true, jobs: 150 },
      ...{ period: { from: 1_795_000_000, to: 1_795_086_400 }, gaps: [{ from: 1_795_003_600, to: 1_795_007_200 }] },
      waits: [{ from: 1_795_000_000, jobs: 150, p50Seconds: 4.5, p95Seconds: 354 }],
    }),
  },
  'link rotate': { format: 'tandem.link-rotate/1', link: 'main', tunnels: ['1-1', '1-2'] },
  'link status': {
    ...{ format: 'tandem.link-status/1', link: 'main', cloud: 'paris', environment: 'prod', isWell: false },
    gateways: [
      { name: 'link-main-gateway-1', vrrp: 'MASTER', isWell: true, isDrained: false, tellsHalves: true, age: 0.1 },
    ],
    tunnels: [
      {
        ...{ id: '1-1', aws: null, changedAt: lock.since },
        gateway: {
          ...{ index: 1, state: 'good', reason: 'probes come back', since: 1795951398.2, outside: '198.51.100.11' },
          ...{ bgp: 'Established', routes: [{ prefix: '10.3.0.0/21', isUsed: true }], lost: 0, probes: 8 },
          ...{ answers: ['echo'], roundTripMs: 1.2, mtu: 1400 },
          ike: { state: 'ESTABLISHED', establishedSeconds: 24, carries: true },
        },
      },
    ],
    problems: [{ subject: 'tunnel 1-1', text: 'BGP is Idle' }],
    unasked: [{ what: 'AWS', why: 'no credentials' }],
  },
  'cloud drill': {
    ...(JSON.parse(readFileSync(join(CODE_ROOT, 'docs/drill/holder-off.json'), 'utf8')) as object),
    format: 'tandem.drill/2',
    darkStarts: [{ order: ['a'], founder: 'a', faults: [] }],
    restores: [{ restoredSeconds: 44.4, faults: [] }],
    changes: [{ name: 'add d', before: ['a'], after: ['a', 'd'], faults: [] }],
  },
};

/** Verbs whose documents are made, and held against their schemas, in test/lib/actions and test/lib/cli/fleet. */
const ELSEWHERE = /^(?:init|env .*|lab .*|fleet .*)$/;

const verbs = describeVerbs().map((verb): [string, VerbDescription] => [verb.path.join(' '), verb]);
const withLines = verbs.flatMap(([name, verb]) => (OFFLINE[name] ?? []).map((line) => [line, verb] as const));

it('leaves out no verb', () => {
  const names = verbs.map(([name]) => name).filter((name) => !ELSEWHERE.test(name));
  expect(names.filter((name) => OFFLINE[name] === undefined && MADE[name] === undefined)).toEqual([]);
});

it.each(withLines)('`tandem %s --json` prints its format', async (line, { json }) => {
  const { stdout } = await tandemInProcess(root, [...line.split(' '), '--json']);
  const document = JSON.parse(stdout) as object;
  expect(document).toMatchObject({ format: json.format });
  expect((await json.schema()).safeParse(document).error?.issues).toBeUndefined();
});

it.each(verbs.filter(([name]) => MADE[name] !== undefined))(
  '%s has a schema for what it prints',
  async (name, { json }) => {
    expect((await json.schema()).safeParse(MADE[name]).error?.issues).toBeUndefined();
  },
);
