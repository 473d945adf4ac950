import { outputsOf, selectOutputs } from '../../deploy/outputs.ts';
import { HIDDEN } from '../../plan/model.ts';
import { engineOptions, withClouds } from '../clouds.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import { usage } from '../errors.ts';

export interface OutputOptions {
  /** Id or short name of a deployed stack. */
  readonly stack: string;
  /** One output. @default all */
  readonly name?: string | undefined;
  /** Gives the value of the named output even if it is sensitive. @default false */
  readonly reveal?: boolean;
}

export interface OutputResult {
  readonly stack: string;
  /** Values by name; `(sensitive)` for those that are, unless revealed. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Outputs of a deployed stack. @throws TandemError `usage`, `no-such-output`, and those of `outputsOf` */
export async function output(
  context: ActionContext,
  { stack, name, reveal = false }: OutputOptions,
): Promise<OutputResult> {
  if (reveal && name === undefined)
    throw usage('--raw prints the value of one output, and none is named', 'name one output, or omit --raw');
  const project = requireProject(context);
  return await withClouds(context, project, async (ports) => {
    const all = await outputsOf(ports, project, stack, engineOptions(context));
    const chosen = Object.entries(selectOutputs(stack, all, name));
    const shown = chosen.map(([each, { value, sensitive }]) => [each, sensitive && !reveal ? HIDDEN : value] as const);
    return { stack, outputs: Object.fromEntries(shown) };
  });
}
