import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Project } from '../config/project.ts';
import { writeFileAtomic } from '../fs/files.ts';
import { freezeEnvironment } from './change.ts';
import { destroyEnvironment } from './destroy.ts';
import { leaseFile } from './lease-file.ts';
import type { DevPorts } from './ports.ts';
import { planReap, type ReapAction, type ReapCandidate } from './reap.ts';
import { environmentOf } from './workspace.ts';

/** Format `tandem.reap/1`: which warnings the reaper of this machine has given, so that it gives each once. */
const memorySchema = z.strictObject({
  format: z.literal('tandem.reap/1'),
  leases: z.record(z.string(), z.strictObject({ until: z.string(), warned: z.array(z.number()) })),
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
    [...project.leases.values()].map(async ({ name, value }) => ({
      ...(await candidateOf(ports, project, memory, name, value)),
      unfinished: open.find((each) => each.stacks.some((stack) => stack.endsWith(`/dev/${name}`)))?.verb,
    })),
  );
  const actions = planReap(candidates, project.organisation.value.leases.warnBeforeMinutes, now);
  const failures: Error[] = [];
  if (!execute) return { actions, failures };
  for (const action of actions) {
    const lease = project.leases.get(action.name)?.value;
    if (lease === undefined) continue;
    const known = memory.leases[action.name];
    const kept = known?.until === lease.until ? known : { until: lease.until, warned: [] };
    try {
      if (action.action === 'warn')
        memory.leases[action.name] = { ...kept, warned: [...kept.warned, action.threshold ?? 0] };
      if (action.action === 'stop') await freezeEnvironment(ports, action.name);
      if (action.action === 'delete') {
        await destroyEnvironment(ports, action.name, { verb: 'env reap' });
        memory.leases = Object.fromEntries(Object.entries(memory.leases).filter(([name]) => name !== action.name));
      }
    } catch (error) {
      failures.push(error instanceof Error ? error : new Error(String(error)));
    }
    writeFileAtomic(memoryFile(ports.root), `${JSON.stringify(memory, null, 2)}\n`);
  }
  return { actions, failures };
}

/** Freezing commits the lease, and applies it: the later of both is not long after the earlier. */
async function frozenSince(ports: DevPorts, project: Project, name: string): Promise<string | undefined> {
  const committed = await ports.repository.lastChange(leaseFile(name));
  if (committed !== undefined) return committed;
  const environment = environmentOf(project, name);
  return environment === undefined ? undefined : (await ports.records.read(environment.stack))?.at;
}

async function candidateOf(
  ports: DevPorts,
  project: Project,
  memory: Memory,
  name: string,
  lease: ReapCandidate['lease'],
): Promise<ReapCandidate> {
  const known = memory.leases[name]?.until === lease.until ? memory.leases[name] : undefined;
  const stopped = lease.state === 'frozen' ? await frozenSince(ports, project, name) : undefined;
  return {
    name,
    lease,
    warned: known?.warned ?? [],
    stoppedAt: stopped === undefined ? undefined : new Date(stopped),
  };
}

function memoryFile(root: string): string {
  return join(root, '.tandem', 'reap.json');
}

function readMemory(root: string): Memory {
  try {
    return memorySchema.parse(JSON.parse(readFileSync(memoryFile(root), 'utf8')));
  } catch {
    // Absent or unreadable: the worst that follows is a warning given twice.
    return { format: 'tandem.reap/1', leases: {} };
  }
}
