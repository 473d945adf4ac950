import type { Project } from '../config/project.ts';
import { type UnfinishedOperation, wayOn } from '../state/journal.ts';
import { ask } from './ask.ts';
import { refreshCredentials } from './credentials.ts';
import { type Duration, endOf, parseDuration, untilAfter, untilFrom } from './duration.ts';
import { environmentUnfinished, leaseExpired } from './errors.ts';
import { requireApprover, withEnd } from './extension.ts';
import { waitUntilHealthy } from './health.ts';
import { editLease, leaseFile } from './lease-file.ts';
import { commitLease, requireCommitted, requireCurrent, requireHere, surveyLease } from './lease-step.ts';
import { type DevWork, runVerb } from './operation.ts';
import { answerExtension, checkAsked } from './policy.ts';
import type { DevPorts } from './ports.ts';
import { requireProjectId } from './project.ts';
import { requireFit } from './require-fit.ts';
import { describeChanges } from './review.ts';
import { requireApproved } from './update/approval.ts';
import { type DevEnvironment, readLeaseText, requireEnvironment, requireValid, withFile } from './workspace.ts';

export interface ChangeResult {
  readonly environment: DevEnvironment;
  /** Changes that were made on the cloud. */
  readonly changes: number;
  readonly pullRequest: string | undefined;
  /** End that was asked for, and waits for an answer; undefined where none is. */
  readonly asked?: string | undefined;
}

interface Change {
  /** As which it is in the journal. */
  readonly verb: string;
  /** The command that goes on with it. @default - the verb on the lease */
  readonly resume?: string;
  /** Whether it needs no approval of an update that it brings along: what is over is stopped, whatever its owner says. @default false */
  readonly isOwed?: boolean;
  /** Whether only the lease is written, and nothing applied. @default false */
  readonly isOnlyWritten?: boolean;
  readonly message: string;
  readonly question: string;
  readonly edit: (text: string) => string;
  /** Looks at the changed lease before anything is written. */
  readonly check?: (environment: DevEnvironment, ports: DevPorts) => void | Promise<void>;
  /** What a run after an interruption needs to know. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Whether to wait until servers are as the lease says. */
  readonly awaitsServers: boolean;
}

/** What a change is decided by. */
interface Now {
  readonly environment: DevEnvironment;
  readonly project: Project;
  readonly resumed: UnfinishedOperation | undefined;
  readonly now: Date;
}

/**
 * Extends a lease from its end, or from now where that is over; beyond the limits, it writes into the lease that this is asked for,
 * where somebody may grant it. Interrupted and run again, it adds its time once.
 * @throws TandemError `lease-too-long`, `lease-stale`, `environment-unfinished`
 */
export function extendLease(ports: DevPorts, name: string, duration: string | undefined): Promise<ChangeResult> {
  return changeLease(ports, name, 'env extend', ({ environment: { lease }, project, resumed, now }) => {
    const { leases } = project.organisation.value;
    const given = duration ?? `${leases.defaultDays}d`;
    const begun = resumed?.arguments ?? {};
    const from = typeof begun['from'] === 'string' ? begun['from'] : lease.value.until;
    const until =
      begun['for'] === given && typeof begun['until'] === 'string'
        ? begun['until']
        : endAfter(from, parseDuration(given), now);
    const resume = `tandem env extend ${name} --for ${given}`;
    const ended = endOf(lease.value.until) > now ? '' : ', which is over,';
    if (answerExtension(name, lease.value, until, leases, now) === 'asked')
      return {
        verb: 'env ask',
        resume,
        isOnlyWritten: true,
        message: `Ask for ${name} until ${until}`,
        question: `Policy does not grant ${name} until ${until} by itself. Ask ${leases.extensions.approvers.join(' or ')} for it?`,
        edit: (text) => editLease(text, 'askedUntil', until),
        awaitsServers: false,
      };
    return {
      verb: 'env extend',
      resume,
      message: `Extend ${name} until ${until}`,
      question: `Extend ${name} from ${lease.value.until}${ended} until ${until}?`,
      edit: (text) => withEnd(text, until, lease.value.askedUntil),
      inputs: { for: given, from, until },
      awaitsServers: false,
    };
  });
}

/**
 * Answers an extension that was asked for: grants it, as policy would have, or takes the question out of the lease.
 * @throws TandemError `no-extension-asked`, `extension-not-approver`, `lease-too-long`, `lease-stale`, `environment-unfinished`
 */
export function answerExtensionOf(ports: DevPorts, name: string, answer: 'approve' | 'refuse'): Promise<ChangeResult> {
  return changeLease(ports, name, 'env extend', async ({ environment, project, resumed, now }) => {
    const { leases } = project.organisation.value;
    const resume = `tandem env extend ${name} --${answer}`;
    const { for: given, until: begun } = resumed?.arguments ?? {};
    // Killed after its commit, it finds nothing asked any more.
    const isBegun = answer === 'approve' && given === APPROVED && environment.lease.value.until === begun;
    if (isBegun && typeof begun === 'string') return granted(name, begun, resume);
    const asked = await requireApprover(ports, environment, leases);
    if (answer === 'refuse')
      return {
        ...{ verb: 'env refuse', resume, isOnlyWritten: true, awaitsServers: false },
        message: `Refuse ${name} until ${asked.until}`,
        question: `Refuse ${name} until ${asked.until}, which ${asked.by ?? 'somebody'} asked for? It ends on ${environment.lease.value.until}.`,
        edit: (text) => editLease(text, 'askedUntil', undefined),
      };
    checkAsked(name, asked.until, leases, now);
    return granted(name, asked.until, resume);
  });
}

/** In place of a duration, in the journal. */
const APPROVED = 'approved';

function granted(name: string, until: string, resume: string): Change {
  return {
    ...{ verb: 'env extend', resume, awaitsServers: false },
    message: `Approve ${name} until ${until}`,
    question: `Extend ${name} until ${until}, as was asked for?`,
    edit: (text) => editLease(withEnd(text, until, until), 'grantedUntil', until),
    inputs: { for: APPROVED, until },
  };
}

function endAfter(from: string, length: Duration, now: Date): string {
  return endOf(from) > now ? untilAfter(from, length) : untilFrom(now, length);
}

/**
 * Shelves the servers: they free their hosts; disks, volumes and addresses are kept.
 * @throws TandemError `lease-stale`, `environment-unfinished`
 */
export function freezeEnvironment(ports: DevPorts, name: string): Promise<ChangeResult> {
  return changeLease(ports, name, 'env freeze', ({ environment: { lease }, now }) => ({
    verb: 'env freeze',
    isOwed: endOf(lease.value.until) <= now,
    message: `Freeze ${name}`,
    question: `Freeze ${name}? Its servers stop; their disks, volumes and addresses are kept.`,
    edit: (text) => editLease(text, 'state', 'frozen'),
    awaitsServers: true,
  }));
}

/** Unshelves the servers, where they fit. @throws TandemError `does-not-fit`, `lease-expired`, `lease-stale`, `environment-unfinished` */
export function thawEnvironment(ports: DevPorts, name: string): Promise<ChangeResult> {
  return changeLease(ports, name, 'env thaw', ({ environment: { lease }, now }) => {
    if (endOf(lease.value.until) <= now && !lease.value.protected) throw leaseExpired(name, lease.value.until);
    return {
      verb: 'env thaw',
      message: `Thaw ${name}`,
      question: `Thaw ${name}? Its servers start again, possibly on other hosts.`,
      edit: (text) => editLease(text, 'state', undefined),
      check: async (environment) => {
        await requireFit(ports, requireValid(name, ports.files, now), environment);
      },
      awaitsServers: true,
    };
  });
}

/** Operations that only write the lease: what they write is read from it, whether or not they were finished. */
const WRITTEN = ['env ask', 'env refuse', 'env approve'];

/** Operations that a change may overtake, since it brings the servers to its own end all the same. */
const CHANGES: readonly string[] = ['env extend', 'env freeze', 'env thaw', 'env credentials', ...WRITTEN];

/** Edits a lease, commits it and applies it. Where the file has the change already, the remaining steps are done. */
async function changeLease(
  ports: DevPorts,
  name: string,
  verb: string,
  decide: (now: Now) => Change | Promise<Change>,
): Promise<ChangeResult> {
  const now = ports.clock.now();
  // Names a lease that is not there, before a repository or a cloud is asked.
  if (readLeaseText(ports.files, name) === undefined) {
    const here = requireValid(name, ports.files, now);
    await requireHere(ports, here, name);
    requireEnvironment(here, name);
  }
  const { branch, resumed, text: before = '' } = await surveyLease(ports, name, [verb, ...WRITTEN]);
  const old = requireValid(name, withFile(ports.files, leaseFile(name), before), now);
  const environmentBefore = requireEnvironment(old, name);
  await requireCurrent(ports, branch, environmentBefore);
  const change = await decide({ environment: environmentBefore, project: old, resumed, now });
  const text = change.edit(before);
  const project = requireValid(name, withFile(ports.files, leaseFile(name), text), now);
  const environment = requireEnvironment(project, name);
  requireCommitted(ports, branch, project, environment, { text, isNew: false });
  await ports.deployer.requireOurs(project, environment.stack);
  if (change.isOwed !== true && change.isOnlyWritten !== true) await requireApproved(ports, old, environmentBefore);
  await change.check?.(environment, ports);
  if (text !== before) await ask(ports.io, change.question);
  const work: DevWork = {
    ...{ verb: change.verb, stack: environment.stack, inputs: { name, ...change.inputs } },
    resume: change.resume ?? `tandem ${verb} ${name}`,
    // What only writes the lease leaves the servers as they are, and must not end what was to change them.
    refuses: ({ verb: other, by, resume }) =>
      (change.isOnlyWritten === true ? WRITTEN : CHANGES).includes(other)
        ? undefined
        : environmentUnfinished(name, other, by, wayOn(resume)),
  };
  return await runVerb(ports, work, async (operation) => {
    const { commit, pullRequest } = await operation.step('lease', () =>
      commitLease(ports, branch, name, { text, message: change.message }),
    );
    const asked = environment.lease.value.askedUntil;
    if (change.isOnlyWritten === true) return { environment, changes: 0, pullRequest, asked };
    const { changes } = await ports.deployer.apply({
      project,
      stack: environment.stack,
      verb,
      operation,
      commit,
      // The question above was about exactly this; what else the cloud would lose is asked about.
      confirm: async (plan) => {
        const { create, interrupt, replace, delete: gone } = plan.summary;
        return create + interrupt + replace + gone === 0 || (await ports.io.confirm(describeChanges(plan)));
      },
    });
    const projectId = await requireProjectId(ports, project, environment);
    if (change.awaitsServers) await operation.step('health', () => waitUntilHealthy(ports, environment, projectId));
    await operation.step('credentials', () =>
      refreshCredentials(ports, { project, environment, projectId }, verb === 'env extend'),
    );
    return { environment, changes, pullRequest, asked };
  });
}
