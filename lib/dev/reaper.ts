import { join } from 'node:path';
import { z } from 'zod';
import type { Entity, Project } from '../config/project.ts';
import type { Autostop } from '../config/schema/autostop.ts';
import type { Lease } from '../config/schema/lease.ts';
import { asError, TandemError } from '../errors/tandem-error.ts';
import { readIfThere, writeFileAtomic } from '../fs/files.ts';
import { type IdleMemory, judgeIdle, lastEnd } from './autostop.ts';
import { freezeEnvironment } from './change.ts';
import { destroyEnvironment } from './destroy.ts';
import { leaseFile } from './lease-file.ts';
import type { DevPorts } from './ports.ts';
import { findProject } from './project.ts';
import { planReap, type ReapAction, type ReapCandidate } from './reap.ts';
import { environmentOf } from './workspace.ts';

const idleSchema = z.strictObject({
  ...{ at: z.string(), idleSince: z.string(), servers: z.number(), vcpus: z.number() },
  ...{ cpuSeconds: z.number(), octets: z.number() },
});

/**
 * Format `tandem.reap/1`: which warnings the reaper of this machine has given, so that it gives each once, and what it last saw of leases that
 * are stopped when they are idle.
 */
const memorySchema = z.strictObject({
  format: z.literal('tandem.reap/1'),
  leases: z.record(
    z.string(),
    z.strictObject({ until: z.string(), warned: z.array(z.number()), idle: idleSchema.optional() }),
  ),
});

type Memory = z.output<typeof memorySchema>;

/** Executes the plan of the reaper, or only returns it. A lease that fails does not stop the others. */
export async function reap(
  ports: DevPorts,
  project: Project,
  execute: boolean,
): Promise<{ actions: ReapAction[]; failures: Error[] }> {
  const now = ports.clock.now();
  const memory = readMemory(ports.root);
  const open = await ports.journal.open();
  const candidates = await Promise.all(
    [...project.leases.values()].map(async (lease) => ({
      ...(await candidateOf(ports, project, memory, lease)),
      unfinished: open.find((each) => each.stacks.some((stack) => stack.endsWith(`/dev/${lease.name}`)))?.verb,
    })),
  );
  const actions = planReap(candidates, project.organisation.value.leases.warnBeforeMinutes, now);
  const failures: Error[] = [];
  if (!execute) return { actions, failures };
  for (const action of actions) {
    const lease = project.leases.get(action.name)?.value;
    if (lease === undefined) continue;
    const known = memory.leases[action.name];
    const { idle: _before, ...rest } = known?.until === lease.until ? known : { until: lease.until, warned: [] };
    const seen = candidates.find(({ name }) => name === action.name)?.seen;
    const kept = seen === undefined || action.action === 'stop' ? rest : { ...rest, idle: seen };
    if (known !== undefined || 'idle' in kept) memory.leases[action.name] = kept;
    try {
      if (action.action === 'warn')
        memory.leases[action.name] = { ...kept, warned: [...kept.warned, action.threshold ?? 0] };
      if (action.action === 'stop') await freezeEnvironment(ports, action.name);
      if (action.action === 'delete') {
        await destroyEnvironment(ports, action.name, { verb: 'env reap' });
        memory.leases = Object.fromEntries(Object.entries(memory.leases).filter(([name]) => name !== action.name));
      }
    } catch (error) {
      failures.push(asError(error));
    }
    writeFileAtomic(memoryFile(ports.root), `${JSON.stringify(memory, null, 2)}\n`);
  }
  return { actions, failures };
}

/** When a lease was last changed. Freezing commits the lease, and applies it: the later of both is not long after the earlier. */
async function lastChangeOf(ports: DevPorts, project: Project, name: string): Promise<string | undefined> {
  const committed = await ports.repository.lastChange(leaseFile(name));
  if (committed !== undefined) return committed;
  const environment = environmentOf(project, name);
  return environment === undefined ? undefined : (await ports.records.read(environment.stack))?.at;
}

async function candidateOf(
  ports: DevPorts,
  project: Project,
  memory: Memory,
  { name, value: lease }: Entity<Lease>,
): Promise<ReapCandidate & { readonly seen: IdleMemory | undefined }> {
  const known = memory.leases[name]?.until === lease.until ? memory.leases[name] : undefined;
  const changed = await lastChangeOf(ports, project, name);
  const moment = changed === undefined ? undefined : new Date(changed);
  const autostop = lease.autostop ?? project.organisation.value.leases.autostop;
  const now = ports.clock.now();
  const hoursOver = autostop?.hours === undefined ? undefined : lastEnd(autostop.hours, now);
  const seen = await lookIfIdle(ports, project, name, autostop, known?.idle);
  const idle =
    seen === undefined || autostop?.idleHours === undefined
      ? undefined
      : { since: new Date(seen.idleSince), hours: autostop.idleHours };
  return {
    ...{ name, lease, warned: known?.warned ?? [], hoursOver, idle, seen },
    ...(lease.state === 'frozen'
      ? { stoppedAt: moment, activeSince: undefined }
      : { stoppedAt: undefined, activeSince: moment }),
  };
}

/** A look at the counters of a lease that runs, and may be idle; undefined where the cloud tells none. */
async function lookIfIdle(
  ports: DevPorts,
  project: Project,
  name: string,
  autostop: Autostop | undefined,
  before: IdleMemory | undefined,
): Promise<IdleMemory | undefined> {
  const environment = environmentOf(project, name);
  if (autostop?.idleHours === undefined || environment === undefined) return undefined;
  const { lease, cloud } = environment;
  if (lease.value.state === 'frozen' || lease.value.protected) return undefined;
  try {
    const api = ports.cloud(cloud);
    const own = findProject(await api.projects(cloud.value.endpoint.domain), project, environment);
    const activity = own === undefined ? undefined : await api.activity(own.id);
    return activity === undefined ? undefined : judgeIdle(before, activity, autostop, ports.clock.now());
  } catch (error) {
    // Whether it works is not known then; the other leases are looked at all the same.
    if (!(error instanceof TandemError)) throw error;
    ports.io.progress(`${name}: nobody knows whether it is idle: ${error.message}`);
    return undefined;
  }
}

function memoryFile(root: string): string {
  return join(root, '.tandem', 'reap.json');
}

function readMemory(root: string): Memory {
  try {
    return memorySchema.parse(JSON.parse(readIfThere(memoryFile(root)) ?? ''));
  } catch {
    // Absent or unreadable: the worst that follows is a warning given twice.
    return { format: 'tandem.reap/1', leases: {} };
  }
}
