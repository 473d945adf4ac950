import { mkdir, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TandemError } from '../../lib/errors/tandem-error.ts';
import { labAborted, labFailed } from '../errors.ts';
import { BringUp } from './bring-up.ts';
import { describeLab, readLab } from './description.ts';
import { DEFAULT_HYPERVISORS, planHypervisors } from './hypervisors.ts';
import { type LabLayout, labLayout } from './layout.ts';
import { takeLock } from './lock.ts';
import { unmountBelow } from './mounts.ts';
import { packagesInstalled } from './packages.ts';
import { runPhases } from './phases.ts';
import {
  requireDebian12,
  requireMemory,
  requireOwnDirectory,
  requirePorts,
  requireRoot,
  requireSpace,
  requireTools,
} from './preflight.ts';
import { findSandboxes, stopSandboxes } from './sandbox.ts';
import { DEFAULT_LAB_DIRECTORY, type Lab, type LabUpOptions, type LabUpResult } from './types.ts';

/** Starts the control plane, unless it runs; resolves when every service answers and every hypervisor is up. */
export async function labUp(options: LabUpOptions = {}): Promise<LabUpResult> {
  const begun = performance.now();
  const seconds = (): number => Math.round((performance.now() - begun) / 100) / 10;
  const report = (phase: string, message: string): void => options.onProgress?.({ phase, message, seconds: seconds() });
  const layout = labLayout(resolve(options.directory ?? DEFAULT_LAB_DIRECTORY));
  const hypervisors = planHypervisors(options.hypervisors ?? DEFAULT_HYPERVISORS);
  const signal = options.signal ?? new AbortController().signal;

  requireRoot();
  await requireDebian12();
  requireTools();
  await requireOwnDirectory(layout);
  await mkdir(layout.log, { recursive: true });
  const giveBack = await takeLock(layout);
  try {
    const running = await runningLab(layout);
    if (running !== undefined) return { lab: running, alreadyRunning: true, seconds: seconds(), phases: {} };
    await clear(layout);
    await requireSpace(layout, await packagesInstalled(layout));
    await requireMemory(hypervisors.length);
    await requirePorts();

    let failed = 'preparation';
    const work = new BringUp(layout, hypervisors);
    try {
      const phases = await runPhases(
        work.phases(),
        {
          started: (name) => report(name, 'started'),
          failed: (name) => {
            failed = name;
            report(name, 'failed');
          },
          finished: (name, took, detail) => report(name, `${detail ?? 'done'} (${took} s)`),
        },
        signal,
      );
      work.supervisor.requireAlive(undefined);
      const lab = describeLab(layout, work.engine, hypervisors);
      await rm(layout.tools, { recursive: true, force: true });
      await writeFile(layout.lab, JSON.stringify(lab, undefined, 2));
      report('ready', `the lab runs with ${hypervisors.length} hypervisors`);
      return { lab, alreadyRunning: false, seconds: seconds(), phases };
    } catch (error) {
      await stopSandboxes(layout.directory);
      await Promise.all([layout.clouds, layout.tools].map((path) => rm(path, { recursive: true, force: true })));
      if (signal.aborted) throw labAborted();
      throw error instanceof TandemError ? error : labFailed({ phase: failed, log: layout.log }, error);
    }
  } finally {
    await giveBack();
  }
}

/** The lab, if its `up` finished and its sandbox still runs. */
async function runningLab(layout: LabLayout): Promise<Lab | undefined> {
  return findSandboxes(layout.directory).length === 0 ? undefined : await readLab(layout);
}

/** Whatever a killed `up`, or a reboot, left behind. */
async function clear(layout: LabLayout): Promise<void> {
  await stopSandboxes(layout.directory);
  await unmountBelow(layout.directory);
  for (const path of [layout.lab, layout.sandbox, layout.clouds, layout.tools, layout.log]) {
    await rm(path, { recursive: true, force: true });
  }
  await Promise.all([layout.log, layout.tools].map(async (path) => await mkdir(path, { recursive: true })));
}
