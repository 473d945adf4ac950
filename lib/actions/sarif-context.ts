import { commandGit } from '../git/command-git.ts';
import type { SarifContext } from '../plan/render/sarif/log.ts';
import type { ActionContext } from './context.ts';
import { versionOfTandem } from './version.ts';

/** Which Tandem found it, and where the project is in its repository. */
export async function sarifContext({ root }: Pick<ActionContext, 'root'>): Promise<SarifContext> {
  return { version: versionOfTandem(), prefix: await commandGit(root).prefix() };
}
