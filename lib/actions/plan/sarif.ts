import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../../config/project.ts';
import { pluginOf } from '../../engines/plugins.ts';
import type { Plan } from '../../plan/model.ts';
import { renderSarif } from '../../plan/render/sarif/plan.ts';
import { attachFindings, type ReadArtefact } from '../../review/sarif/attach.ts';
import { readSarif } from '../../review/sarif/read.ts';
import { stacksOf } from '../../synthesis/catalogue.ts';
import type { ActionContext } from '../context.ts';
import { cannotRead } from '../errors.ts';
import { sarifContext } from '../sarif-context.ts';
import { synthesizeCached } from '../synthesize.ts';

/** The plan for code scanning. */
export async function planSarif(context: ActionContext, plan: Plan): Promise<string> {
  return renderSarif(plan, await sarifContext(context));
}

/**
 * The plan with what other programs found in the artefacts of its stacks.
 * @param files - Logs in SARIF.
 * @throws TandemError `cannot-read`, `not-sarif`
 */
export async function withFindingsOfOthers(
  context: ActionContext,
  project: Project,
  plan: Plan,
  files: readonly string[],
): Promise<Plan> {
  const foreign = files.flatMap((file) => readSarif(file, textOf(file)));
  const planned = new Set(plan.stacks.map(({ id }) => id));
  const definitions = stacksOf(project);
  const only = new Set(definitions.map(({ id }) => id).filter((id) => planned.has(id)));
  const stacks = only.size === 0 ? [] : await synthesizeCached(context, definitions, only);
  const artefacts = stacks.map((stack): ReadArtefact => {
    const file = pluginOf(stack.engine).fileOf(stack.id);
    const written = textIfThere(join(context.root, file));
    return { stack, file, isStale: written !== undefined && written !== stack.text };
  });
  return attachFindings(plan, foreign, { project, artefacts });
}

/** A program may have run where the file was written, and Tandem elsewhere. */
function textIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw cannotRead(file, error);
  }
}
