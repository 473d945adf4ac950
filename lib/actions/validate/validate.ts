import type { Problem } from '../../config/diagnostic.ts';
import { readConfiguration } from '../configuration.ts';
import type { ActionContext } from '../context.ts';

export interface ValidateResult {
  /** Sorted by file and line. */
  readonly problems: readonly Problem[];
}

/** Every problem of the configuration. */
export async function validate(context: ActionContext): Promise<ValidateResult> {
  const { problems } = readConfiguration(context);
  return { problems };
}
