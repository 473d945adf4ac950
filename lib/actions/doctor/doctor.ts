import { join } from 'node:path';
import { TandemError } from '../../errors/tandem-error.ts';
import { withClouds } from '../clouds.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import type { Finding } from './check.ts';
import { checks } from './checks.ts';

export interface DoctorOptions {
  /** Repairs what can be, keeping a copy of each file that is moved or rewritten. */
  readonly repair: boolean;
}

export interface DoctorFinding extends Omit<Finding, 'repair'> {
  readonly repairable: boolean;
  /** What was done; null where nothing was. */
  readonly repaired: string | null;
}

export interface DoctorResult {
  readonly findings: readonly DoctorFinding[];
}

/** Looks for what is broken or left over in the project's state; changes nothing unless asked to repair. */
export async function doctor(context: ActionContext, { repair }: DoctorOptions): Promise<DoctorResult> {
  const { root, environment, now } = context;
  const project = requireProject(context);
  // What is passed over is in the findings, and is told there alone.
  const quiet = { root, environment, io: { emit: () => undefined } };
  const copies = join(root, '.tandem', 'broken', now().toISOString().replaceAll(/[:.]/g, '-'));
  try {
    return await withClouds(quiet, project, async (ports) => {
      const findings: DoctorFinding[] = [];
      for (const check of checks)
        for (const found of await check({ root, environment, project, ports })) {
          const { repair: carryOut, ...told } = found;
          const repaired = repair && carryOut !== undefined ? await carryOut(copies) : null;
          findings.push({ ...told, repairable: carryOut !== undefined, repaired });
        }
      return { findings };
    });
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    // A back end that cannot be reached, a missing secret: what is behind it cannot be looked at.
    const { code, message, next } = error;
    return { findings: [{ check: code, text: message, next, repairable: false, repaired: null }] };
  }
}
