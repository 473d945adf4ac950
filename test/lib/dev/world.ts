import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { demandOf, instanceNameOf } from '../../../lib/config/demand.ts';
import { directoryFiles } from '../../../lib/config/files.ts';
import type { Lease } from '../../../lib/config/schema/lease.ts';
import { commandLeaseRepository } from '../../../lib/dev/lease-commit.ts';
import type { Deployer, DevPorts } from '../../../lib/dev/ports.ts';
import { requireEnvironment } from '../../../lib/dev/workspace.ts';
import { commandGit } from '../../../lib/git/command-git.ts';
import type { CloudProject } from '../../../lib/openstack-api/cloud-api.ts';
import type { StackPlan } from '../../../lib/plan/model.ts';
import { toPlan } from '../../../lib/plan/plan.ts';
import { artefactName, type StackId } from '../../../lib/stack/id.ts';
import { localJournal } from '../../../lib/state/local-journal.ts';
import { localLocks } from '../../../lib/state/local-locks.ts';
import { localRecords } from '../../../lib/state/local-records.ts';
import { minimal } from '../config/minimal.ts';
import { memoryGit } from '../git/memory-git.ts';
import { FakeCloud, resource } from '../openstack-api/fake-cloud.ts';
import { memoryLeases } from './memory-leases.ts';

const NOW = new Date('2026-11-21T10:00:00Z');

/** A project folder with leases, a cloud, and a deployer that makes what a lease says; all in memory or a folder of its own. */
export interface World {
  readonly ports: DevPorts;
  readonly cloud: FakeCloud;
  readonly git: ReturnType<typeof memoryGit>;
  /** Everything that was asked, said, committed and deployed, in order. */
  readonly told: string[];
  answer: boolean;
  now: Date;
  /** E-mail address that commits carry. */
  identity: string;
  /** Called before each effect, by its name; throwing there is being killed there. */
  before: (effect: string) => void;
  lease(name: string): string | undefined;
  /** Commits the whole working tree of the repository in memory. */
  commitAll(): void;
  end(): void;
}

/** @param checkout an empty checkout with a remote, whose real git takes the place of the one in memory */
export function makeWorld(checkout?: string): World {
  const root = checkout ?? mkdtempSync(join(tmpdir(), 'leases-'));
  for (const [file, text] of Object.entries(minimal())) {
    if (file.startsWith('config/dev/')) continue;
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const git = memoryGit();
  const cloud = new FakeCloud();
  cloud.room = {
    ...cloud.room,
    hosts: ['first', 'second'].flatMap((zone) =>
      [1, 2].map((n) => ({ name: `${zone}-${n}`, zone, vcpus: 64, memoryMiB: 65_536, diskGiB: 2000 })),
    ),
  };
  Object.defineProperty(cloud, 'authUrl', { value: 'https://north.acme.example.org:5000/v3' });
  const files = () =>
    Object.fromEntries(configFiles(root).map((file) => [file, readFileSync(join(root, file), 'utf8')]));
  git.commit('begin', files());
  const world: World = {
    cloud,
    git,
    told: [],
    answer: true,
    now: NOW,
    identity: 'ada@example.org',
    before: () => undefined,
    lease: (name) => files()[`config/dev/${name}.yaml`],
    commitAll: () => repository.commitAll(),
    end: () => rmSync(root, { recursive: true }),
    ports: undefined as unknown as DevPorts,
  };
  const repository = memoryLeases(
    root,
    git,
    files,
    (message) => {
      world.before('commit');
      world.told.push(`commit ${message}`);
    },
    () => world.now,
    () => world.identity,
  );
  const ports: DevPorts = {
    root,
    files: directoryFiles(root),
    repository: checkout === undefined ? repository : commandLeaseRepository(root),
    git: checkout === undefined ? git : commandGit(root),
    records: localRecords(root),
    journal: localJournal(root),
    locks: localLocks(root),
    clock: { now: () => world.now, monotonic: () => 0, sleep: () => Promise.resolve() },
    signal: new AbortController().signal,
    actor: { by: 'ann@desk', host: 'desk' },
    cloud: () => cloud,
    askPrograms: () => Promise.resolve({ kind: 'serves' }),
    io: {
      progress: (text) => void world.told.push(text),
      confirm: (question) => {
        world.told.push(`asked: ${question}`);
        return Promise.resolve(world.answer);
      },
    },
    deployer: fakeDeployer(world, () => ports),
  };
  return Object.assign(world, { ports });
}

/** As far as a record is read. */
function artefactOf(tags: readonly string[], { until, state }: Pick<Lease, 'until' | 'state'>): string {
  const server = state === 'frozen' ? { power_state: 'shelved_offloaded' } : {};
  return JSON.stringify({
    resource: {
      openstack_identity_project_v3: { project: { tags: [...tags, `until=${until}`] } },
      openstack_compute_instance_v2: { 'web-1': server },
    },
  });
}

function configFiles(root: string): string[] {
  return readdirSync(join(root, 'config'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

/** Makes a project with the lease's servers in the fake cloud, and writes the record, as the real one does. */
function fakeDeployer(world: World, open: () => DevPorts): Deployer {
  const { cloud } = world;
  const nameIn = (stack: StackId): string => stack.split('/').at(-1) ?? '';
  return {
    resources: () => Promise.resolve(7),
    prepare: () => Promise.resolve(),
    requireOurs: () => Promise.resolve(),
    lost: () => Promise.resolve({ addresses: [], orphans: [], project: undefined }),
    async apply({ project, stack, verb, commit: published }) {
      world.before('apply');
      const { name, lease, blueprint, cloud: entity } = requireEnvironment(project, nameIn(stack));
      const id = `p-${name}`;
      const tags = [
        'organisation=acme',
        `owner=${lease.value.owner}`,
        `environment=${name}`,
        `stack=${artefactName(stack)}`,
      ];
      const made: CloudProject = { id, name: `dev-${name}`, tags, description: '', enabled: true };
      const known = cloud.all.some((each) => each.id === id);
      if (!known) {
        cloud.all.push(made);
        cloud.resources.push(resource('network', id), resource('server', id));
      }
      world.before('half applied');
      const frozen = lease.value.state === 'frozen';
      const { servers } = demandOf({
        name,
        lease: { ...lease.value, state: 'active' },
        blueprint: blueprint.value,
        cloud: entity.value,
      });
      cloud.states.set(id, {
        balancers: [],
        servers: servers.map((server) => ({
          id: server.id,
          name: instanceNameOf(server),
          status: frozen ? 'SHELVED_OFFLOADED' : 'ACTIVE',
          task: '',
          zone: '',
          host: frozen ? '' : 'h',
          fault: '',
        })),
      });
      const commit = published ?? '';
      const files = [`config/dev/${name}.yaml`];
      await open().records.write({
        format: 'tandem.record/1',
        stack,
        engine: 'terraform',
        digest: 'sha256:x',
        artefact: artefactOf(tags, lease.value),
        commit,
        files,
        at: NOW.toISOString(),
        by: 'ann@desk',
      });
      world.told.push(`applied ${name} for ${verb}`);
      return { changes: known ? 1 : 7, seconds: 1 };
    },
    async destroy({ stack }) {
      world.before('destroy');
      cloud.all = cloud.all.filter((each) => each.id !== `p-${nameIn(stack)}`);
      await open().records.remove(stack);
      world.told.push(`destroyed ${nameIn(stack)}`);
      return { changes: 7, seconds: 1 };
    },
    async abandon(_project, stack) {
      await open().records.remove(stack);
      world.told.push(`abandoned ${nameIn(stack)}`);
    },
    preview: (_project, id) => Promise.resolve(toPlan({ kind: 'live', ref: '' }, [unchanged(id)])),
    outlook: (_project, id) => Promise.resolve({ version: '0123456789ab', isUpdate: false, plan: unchanged(id) }),
    outputs: () =>
      Promise.resolve({
        ssh: { sensitive: false, value: { user: 'debian', host: 'web.x.example.org', address: '198.18.0.20' } },
        endpoints: {
          sensitive: false,
          value: { web: { host: 'web.x.example.org', port: 443, public: true, address: '198.18.0.21' } },
        },
      }),
    drift: (_project, id) => Promise.resolve(unchanged(id)),
  };
}

function unchanged(id: StackId): StackPlan {
  return { id, engine: 'terraform', status: 'unchanged', changes: [], unresolvedInputs: [], drift: [] };
}
