import type { ConfigFiles } from '../config/files.ts';
import type { Entity, Project } from '../config/project.ts';
import type { Cloud } from '../config/schema/cloud.ts';
import type { RunningOperation } from '../deploy/ports.ts';
import type { Lost, Outputs } from '../engines/engine.ts';
import type { Git } from '../git/git.ts';
import type { CloudApi } from '../openstack-api/cloud-api.ts';
import type { Plan, StackPlan } from '../plan/model.ts';
import type { StackId } from '../stack/id.ts';
import type { Journal } from '../state/journal.ts';
import type { LockStore } from '../state/lock.ts';
import type { RecordStore } from '../state/record.ts';
import type { Clock } from './clock.ts';
import type { LeaseRepository } from './lease-repository.ts';
import type { AskPrograms } from './use/programs-verdict.ts';

/** One stack of a dev environment, changed as part of an operation whose locks and journal the caller keeps. */
export interface EnvironmentDeploy {
  readonly project: Project;
  readonly stack: StackId;
  readonly verb: string;
  readonly operation: RunningOperation;
  /** Commit that has the lease so. @default - the one that is checked out */
  readonly commit?: string | undefined;
  /** What is looked up again, by address and attribute. @default - nothing */
  readonly unpinned?: readonly string[];
  /** A part of it: nothing else is touched, and the record stays as it was. @default - all of it */
  readonly only?: { readonly name: string; readonly addresses: readonly string[] };
  /** Forgets first what the cloud says it no longer has. @default false */
  readonly recreate?: boolean;
  /** Shows the live plan and asks; not called where nothing would change. */
  readonly confirm: (plan: Plan) => Promise<boolean>;
}

export interface DeployOutcome {
  /** Changes that were made. */
  readonly changes: number;
  /** Seconds that the engine took. */
  readonly seconds: number;
}

/** What a stack would become. */
export interface StackOutlook {
  /** 12 hex digits over all that it would be made of, its end and whether it is frozen aside: neither makes another version. */
  readonly version: string;
  /** Whether another version was last applied; false where none was. */
  readonly isUpdate: boolean;
  /** Differences from what was last applied; status `unchanged` where there are none. */
  readonly plan: StackPlan;
}

/** What leases need of `lib/deploy`. */
export interface Deployer {
  /** How many resources a stack has, without looking at any cloud. */
  resources(project: Project, stack: StackId): Promise<number>;
  /** Applies what a stack depends on, where that was never applied: a cloud's zones, networks, images and flavors. */
  prepare(request: Omit<EnvironmentDeploy, 'operation' | 'commit'>): Promise<void>;
  /** Whether the stack belongs to this state, as its cloud says. @throws TandemError `foreign-stack` */
  requireOurs(project: Project, stack: StackId): Promise<void>;
  apply(request: EnvironmentDeploy): Promise<DeployOutcome>;
  /** Removes what the record says was applied; the configuration need not have it any more. */
  destroy(request: EnvironmentDeploy): Promise<DeployOutcome>;
  /** Forgets a stack whose resources are gone, or stay, without asking its cloud for anything. */
  abandon(project: Project, stack: StackId): Promise<void>;
  /** What of the stack its cloud says it no longer has. */
  lost(project: Project, stack: StackId): Promise<Lost>;
  /** What `apply` would do, against the live cloud. Nothing is locked, kept or changed. */
  preview(project: Project, stack: StackId): Promise<Plan>;
  /** What the configuration makes of the stack beside what was last applied. Asks no cloud. */
  outlook(project: Project, stack: StackId): Promise<StackOutlook>;
  outputs(project: Project, stack: StackId): Promise<Outputs>;
  drift(project: Project, stack: StackId): Promise<StackPlan>;
}

/** How an operation speaks to whoever started it. Never given a secret. */
export interface DevIo {
  /** One line of progress. */
  progress(text: string): void;
  /** A question whose default is no. @throws TandemError `no-terminal` where nobody can answer and `--yes` was not given */
  confirm(question: string): Promise<boolean>;
}

/** Everything through which leases reach the world. */
export interface DevPorts {
  /** The project's root. */
  readonly root: string;
  readonly files: ConfigFiles;
  readonly repository: LeaseRepository;
  readonly git: Git;
  readonly records: RecordStore;
  readonly journal: Journal;
  readonly locks: LockStore;
  readonly deployer: Deployer;
  readonly clock: Clock;
  readonly io: DevIo;
  readonly signal: AbortSignal;
  readonly actor: { readonly by: string; readonly host: string };
  cloud(cloud: Entity<Cloud>): CloudApi;
  /** Whether what a server of a lease runs serves, as its own health checks say. */
  readonly askPrograms: AskPrograms;
}
