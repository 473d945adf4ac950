import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { labNotRunning } from '../errors.ts';
import { Cloud } from './cloud.ts';
import { readPassword } from './clouds.ts';
import { readLab } from './description.ts';
import { HEALTH_CHECKS } from './health.ts';
import { type LabLayout, labLayout } from './layout.ts';
import { lockOwner } from './lock.ts';
import { isAlive, type ProcessId } from './process-id.ts';
import { findSandboxes, type RunInside, Sandbox } from './sandbox.ts';
import { DEFAULT_LAB_DIRECTORY, type LabServiceStatus, type LabStatus, type LabStatusOptions } from './types.ts';

/** Asks every service, as `labUp` did before it said that the lab is ready. */
export async function labStatus(options: LabStatusOptions = {}): Promise<LabStatus> {
  const layout = labLayout(resolve(options.directory ?? DEFAULT_LAB_DIRECTORY));
  const sandboxes = findSandboxes(layout.directory);
  const lab = await readLab(layout);
  if (lab === undefined || sandboxes.length === 0) {
    const owner = await lockOwner(layout);
    if (owner !== undefined) return { state: 'starting', services: [], lab: undefined };
    return { state: sandboxes.length === 0 ? 'stopped' : 'broken', services: [], lab: undefined };
  }
  const sandbox = await runningSandbox(layout);
  const password = readPassword(await readFile(layout.clouds, 'utf8').catch(() => ''));
  if (sandbox === undefined || password === undefined) return { state: 'broken', services: [], lab };
  const context = { cloud: new Cloud(password), sandbox, hypervisors: lab.hypervisors };
  const services = await Promise.all(
    Object.entries(HEALTH_CHECKS).map(async ([name, check]): Promise<LabServiceStatus> => {
      const patience = new AbortController();
      const late = sleep((options.timeoutSeconds ?? 10) * 1000, undefined, {
        signal: patience.signal,
        ref: false,
      }).then(() => {
        throw new Error('no answer in time');
      });
      late.catch(() => undefined);
      try {
        return { name, healthy: true, detail: await Promise.race([check(context), late]) };
      } catch (error) {
        return { name, healthy: false, detail: (error as Error).message };
      } finally {
        patience.abort();
      }
    }),
  );
  return { state: services.every(({ healthy }) => healthy) ? 'running' : 'broken', services, lab };
}

/** The command line that runs a program inside the running lab, for `ovn-trace` and its like. */
export async function labCommand(directory: string, inside: RunInside): Promise<readonly string[]> {
  const layout = labLayout(resolve(directory));
  const sandbox = await runningSandbox(layout);
  if (sandbox === undefined) throw labNotRunning({ directory: layout.directory });
  return sandbox.argv(inside);
}

async function runningSandbox(layout: LabLayout): Promise<Sandbox | undefined> {
  const text = await readFile(layout.sandbox, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const init = JSON.parse(text) as ProcessId;
  return isAlive(init) ? new Sandbox(layout, init) : undefined;
}
