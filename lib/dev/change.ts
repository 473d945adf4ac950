import { ask } from './ask.ts';
import { endOf, parseDuration, untilAfter, untilFrom } from './duration.ts';
import { waitUntilHealthy } from './health.ts';
import { editLease, leaseFile } from './lease-file.ts';
import { commitLease } from './lease-step.ts';
import { runVerb } from './operation.ts';
import { checkLength } from './policy.ts';
import type { DevPorts } from './ports.ts';
import { requireProjectId } from './project.ts';
import { requireFit } from './require-fit.ts';
import { describeChanges } from './review.ts';
import {
  type DevEnvironment,
  readLeaseText,
  requireEnvironment,
  requireValid,
  withFile,
  writeLeaseFile,
} from './workspace.ts';

export interface ChangeResult {
  readonly environment: DevEnvironment;
  /** Changes that were made on the cloud. */
  readonly changes: number;
  readonly pullRequest: string | undefined;
}

interface Change {
  readonly verb: string;
  readonly message: string;
  readonly question: string;
  readonly edit: (text: string) => string;
  /** Looks at the changed lease before anything is written. */
  readonly check?: (environment: DevEnvironment, ports: DevPorts) => void | Promise<void>;
  /** Whether to wait until servers are as the lease says. */
  readonly awaitsServers: boolean;
}

/**
 * Extends a lease from its end, or from now where that is over.
 * @throws TandemError `lease-too-long`
 */
export async function extendLease(ports: DevPorts, name: string, duration: string | undefined): Promise<ChangeResult> {
  const now = ports.clock.now();
  const project = requireValid(name, ports.files, now);
  const { lease } = requireEnvironment(project, name);
  const { leases } = project.organisation.value;
  const length = parseDuration(duration ?? `${leases.defaultDays}d`);
  const until = endOf(lease.value.until) > now ? untilAfter(lease.value.until, length) : untilFrom(now, length);
  checkLength(name, lease.value, until, leases, now);
  return await changeLease(ports, name, {
    verb: 'env extend',
    message: `Extend ${name} until ${until}`,
    question: `Extend ${name} from ${lease.value.until} until ${until}?`,
    edit: (text) => editLease(text, 'until', until),
    awaitsServers: false,
  });
}

/** Shelves the servers: they free their hosts; disks, volumes and addresses are kept. */
export function freezeEnvironment(ports: DevPorts, name: string): Promise<ChangeResult> {
  return changeLease(ports, name, {
    verb: 'env freeze',
    message: `Freeze ${name}`,
    question: `Freeze ${name}? Its servers stop; their disks, volumes and addresses are kept.`,
    edit: (text) => editLease(text, 'state', 'frozen'),
    awaitsServers: true,
  });
}

/** Unshelves the servers, where they fit. @throws TandemError `does-not-fit` */
export function thawEnvironment(ports: DevPorts, name: string): Promise<ChangeResult> {
  return changeLease(ports, name, {
    verb: 'env thaw',
    message: `Thaw ${name}`,
    question: `Thaw ${name}? Its servers start again, possibly on other hosts.`,
    edit: (text) => editLease(text, 'state', undefined),
    check: async (environment) => {
      await requireFit(ports, requireValid(name, ports.files, ports.clock.now()), environment);
    },
    awaitsServers: true,
  });
}

/** Edits a lease, commits it and applies it. Where the file has the change already, the remaining steps are done. */
async function changeLease(ports: DevPorts, name: string, change: Change): Promise<ChangeResult> {
  const before = readLeaseText(ports.files, name) ?? '';
  // Names a lease that is not there before anything edits it.
  requireEnvironment(requireValid(name, ports.files, ports.clock.now()), name);
  const text = change.edit(before);
  const project = requireValid(name, withFile(ports.files, leaseFile(name), text), ports.clock.now());
  const environment = requireEnvironment(project, name);
  await change.check?.(environment, ports);
  if (text !== before) await ask(ports.io, change.question);
  const { verb } = change;
  const work = { verb, stack: environment.stack, inputs: { name }, resume: `tandem ${verb} ${name}` };
  return await runVerb(ports, work, async (operation) => {
    const pullRequest = await operation.step('lease', async () => {
      if (text !== before) writeLeaseFile(ports.root, name, text);
      return await commitLease(ports, name, change.message);
    });
    const { changes } = await ports.deployer.apply({
      project,
      stack: environment.stack,
      verb: change.verb,
      operation: operation.id,
      // The question above was about exactly this; what else the cloud would lose is asked about.
      confirm: async (plan) => {
        const { create, interrupt, replace, delete: gone } = plan.summary;
        return create + interrupt + replace + gone === 0 || (await ports.io.confirm(describeChanges(plan)));
      },
    });
    if (change.awaitsServers) {
      const projectId = await requireProjectId(ports, project, environment);
      await operation.step('health', () => waitUntilHealthy(ports, environment, projectId));
    }
    return { environment, changes, pullRequest };
  });
}
