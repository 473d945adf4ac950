import { runOperation } from '../../deploy/operation.ts';
import type { DeployOptions, DeployPorts, OperationPorts } from '../../deploy/ports.ts';
import type { TandemError } from '../../errors/tandem-error.ts';
import { askVersion, readVersion } from '../../private-cloud/backup/commands.ts';
import type { BackupManifest } from '../../private-cloud/backup/manifest.ts';
import type { HostFiles } from '../../private-cloud/backup/ports.ts';
import { planRestore, type RestoreAction, type RestoreStep, unfit } from '../../private-cloud/backup/restore.ts';
import { simulateRestore } from '../../private-cloud/backup/simulate-restore.ts';
import { type InventoryGroup, membersOf } from '../../private-cloud/kolla/inventory.ts';
import { RELEASE } from '../../private-cloud/kolla/release.ts';
import { readDatabase } from '../../private-cloud/members/answers.ts';
import type { DatabaseMember } from '../../private-cloud/members/membership.ts';
import type { CloudHosts, HostCommand, KollaPlays } from '../../private-cloud/members/ports.ts';
import { askDatabase } from '../../private-cloud/members/questions.ts';
import { openStream } from '../../secrets/age.ts';
import { StackId } from '../../stack/id.ts';
import type { UnfinishedOperation } from '../../state/journal.ts';
import { type OnStep, runCommand, runPlay, runSteps } from '../run.ts';
import { backupKeyMissing, backupUnfit, databaseAlive, noSuchBackup, restoreFailed } from './errors.ts';
import type { BackupStore } from './store.ts';
import { type BackedUpCloud, endpointOf, volumeOf } from './take.ts';

export interface RestorePlan {
  readonly cloud: BackedUpCloud;
  readonly inventory: readonly InventoryGroup[];
  /** The backup, its full one first. */
  readonly chain: readonly BackupManifest[];
  readonly steps: readonly RestoreStep[];
  /** Members of the database that answer now: what is in it is lost. */
  readonly alive: readonly string[];
}

interface LookPorts {
  readonly hosts: CloudHosts;
  readonly store: BackupStore;
}

/**
 * Looks at a backup and at the cloud, plans the restore and simulates it. Changes nothing.
 * @throws TandemError `no-such-backup`, `backup-unfit`, `restore-failed`, `host-unreachable`
 */
export async function lookRestore(
  { hosts, store }: LookPorts,
  { cloud, inventory }: Pick<RestorePlan, 'cloud' | 'inventory'>,
  id: string,
  signal: AbortSignal,
): Promise<RestorePlan> {
  const chain = await chainOf(store, cloud.name, id);
  const members = membersOf(inventory, 'mariadb');
  const [first = ''] = members;
  const ask = async (command: HostCommand): Promise<string> => {
    const { stdout, stderr } = await runCommand(hosts, command, signal, (why) =>
      restoreFailed(cloud.name, id, 'look at the cloud', why),
    );
    return stdout + stderr;
  };
  // What is asked of the image is answered whether or not its container runs.
  const engine = cloud.kolla.containerEngine;
  const image = (
    await ask({ host: first, argv: [engine, 'inspect', '--format', '{{.Config.Image}}', 'mariadb'] })
  ).trim();
  const run = [engine, 'run', '--rm', '--network', 'none', image, ...askVersion(first).argv];
  const version = readVersion(await ask({ host: first, argv: run, timeoutSeconds: 300 })) ?? '';
  const facts = { cloud: cloud.name, endpoint: endpointOf(cloud), release: RELEASE.release, version };
  const why = unfit(chain, facts);
  if (why !== undefined) throw backupUnfit(cloud.name, id, why);
  const states = await Promise.all(members.map((host) => stateOf(hosts, cloud, host, signal)));
  const steps = planRestore({ chain, members, engine, image, volume: volumeOf(cloud) });
  const problem = simulateRestore(steps, members);
  if (problem !== undefined) throw restoreFailed(cloud.name, id, problem.step, problem.problem);
  return { cloud, inventory, chain, steps, alive: members.filter((_, index) => states[index] !== undefined) };
}

/** A backup with what it stands on, each whole. */
async function chainOf(store: BackupStore, cloud: string, id: string): Promise<readonly BackupManifest[]> {
  const all = store.list();
  const own = all.find((each) => each.id === id);
  if (own === undefined)
    throw noSuchBackup(
      cloud,
      id,
      all.map((each) => each.id),
    );
  const base = own.base === null ? undefined : all.find((each) => each.id === own.base);
  if (own.base !== null && base === undefined)
    throw backupUnfit(cloud, id, `it stands on the full backup ${own.base}, which is not there`);
  const chain = base === undefined ? [own] : [base, own];
  for (const each of chain) {
    const [problem] = await store.check(each);
    if (problem !== undefined) throw backupUnfit(cloud, id, `${each.id} is not whole: ${problem}`);
  }
  return chain;
}

/** What a member says of its cluster; undefined where the database does not answer. @throws TandemError `host-unreachable` */
async function stateOf(
  hosts: CloudHosts,
  { kolla }: BackedUpCloud,
  host: string,
  signal: AbortSignal,
): Promise<DatabaseMember | undefined> {
  const { code, stdout } = await hosts.run(askDatabase(host, kolla), signal);
  return code === 0 ? readDatabase(host, stdout) : undefined;
}

export interface RestorePorts extends OperationPorts, LookPorts {
  readonly plays: KollaPlays;
  readonly files: HostFiles;
  readonly sleep: DeployPorts['sleep'];
  /** The operator's age identities. */
  readonly identities: readonly string[];
  readonly onStep: OnStep;
}

export interface Restored {
  /** From when the database was stopped to when all members were synced; undefined where an earlier run stopped it. */
  readonly outageSeconds: number | undefined;
}

/**
 * Restores a database as planned, under the lock of the cloud and in the journal. Interrupted and run again, it goes on behind the steps
 * that are done; one that was begun is done again from its beginning, which is safe.
 * @param overLive - Whether a database that answers may be replaced
 * @throws TandemError `database-alive`, `backup-key-missing`, `restore-failed`, `state-locked`
 */
export async function runRestore(
  ports: RestorePorts,
  plan: RestorePlan,
  options: Pick<DeployOptions, 'signal' | 'emit'> & { readonly overLive: boolean },
): Promise<Restored> {
  const { cloud, steps, chain } = plan;
  const id = chain.at(-1)?.id ?? '';
  const { overLive, ...rest } = options;
  const { signal } = rest;
  await requireKey(ports, cloud.name, chain);
  const runner = {
    ...rest,
    verb: 'cloud restore',
    arguments: { name: cloud.name, backup: id },
    resume: `tandem cloud restore ${id} --cloud ${cloud.name} --run`,
    resumes: (open: UnfinishedOperation) => open.verb === 'cloud restore' && open.arguments['backup'] === id,
  };
  return await runOperation(ports, [StackId.kolla(cloud.name)], runner, async (operation) => {
    // Whoever goes on with one has said so before: by now some members answer again.
    if (plan.alive.length > 0 && !overLive && operation.resumed === undefined)
      throw databaseAlive(cloud.name, id, plan.alive);
    let stopped: number | undefined;
    await runSteps(operation, steps, { signal, onStep: ports.onStep }, async (step) => {
      if (step.key.endsWith('stop')) stopped = ports.now().getTime();
      for (const action of step.actions) await act(ports, plan, { ...step, operation: operation.id }, action, signal);
    });
    return { outageSeconds: stopped === undefined ? undefined : (ports.now().getTime() - stopped) / 1000 };
  });
}

async function act(
  ports: RestorePorts,
  { cloud, inventory, chain }: RestorePlan,
  step: Pick<RestoreStep, 'key'> & { readonly operation: string },
  action: RestoreAction,
  signal: AbortSignal,
): Promise<void> {
  const failed = (why: string, log?: string) => restoreFailed(cloud.name, chain.at(-1)?.id ?? '', step.key, why, log);
  if (action.kind === 'send') {
    const clear = await clearDatabase(ports, chain, action.backup);
    if (clear === undefined) throw failed(`${action.backup} cannot be decrypted`);
    await ports.files.write(action.host, action.path, clear, signal);
  } else if (action.kind === 'command') {
    await runCommand(ports.hosts, action.command, signal, failed);
  } else if (action.kind === 'play') {
    const play = { ...action.play, key: `${step.operation}-${action.play.key}` };
    await runPlay(ports.plays, play, inventory, signal, failed);
  } else {
    await verify(ports, cloud, action.members, failed, signal);
  }
}

/** Kolla's play waits for the members, and then starts the first one once more: it may take a moment to be synced again. */
const VERIFY_TRIES = 30;

async function verify(
  { hosts, sleep }: Pick<RestorePorts, 'hosts' | 'sleep'>,
  cloud: BackedUpCloud,
  members: readonly string[],
  failed: (why: string) => TandemError,
  signal: AbortSignal,
): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    const states = await Promise.all(members.map((host) => stateOf(hosts, cloud, host, signal)));
    const bad = members.find((_, at) => states[at]?.synced !== true || states[at].size !== members.length);
    const isOne = new Set(states.map((each) => each?.uuid)).size === 1;
    if (bad === undefined && isOne) return;
    if (tried === VERIFY_TRIES)
      throw failed(
        bad === undefined
          ? 'members are in different clusters'
          : `${bad} is not synced with all ${members.length} members`,
      );
    await sleep(2, signal);
  }
}

/** Whether the key opens what there is, before anything is touched. */
async function requireKey(ports: RestorePorts, cloud: string, chain: readonly BackupManifest[]): Promise<void> {
  for (const { id } of chain) {
    const clear = await clearDatabase(ports, chain, id);
    if (clear === undefined) throw backupKeyMissing(cloud, id);
    await clear.cancel();
  }
}

async function clearDatabase(
  { store, identities }: Pick<RestorePorts, 'store' | 'identities'>,
  chain: readonly BackupManifest[],
  id: string,
): Promise<ReadableStream<Uint8Array> | undefined> {
  const file = chain.find((each) => each.id === id)?.files.find(({ holds }) => holds === 'database');
  return file === undefined ? undefined : await openStream(identities, store.open(id, file));
}
