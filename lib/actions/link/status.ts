import { chooseLink } from '../../link/choose.ts';
import { askLinkStatus } from '../../link/status/ask.ts';
import type { LinkStatus } from '../../link/status/report.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import { withLink } from './ports.ts';

export interface LinkStatusOptions {
  /** @default - the only one of the project */
  readonly link?: string | undefined;
}

/** Asks both sides of a link. Changes nothing. @throws TandemError `link-unknown`, `link-not-named` */
export async function status(context: ActionContext, options: LinkStatusOptions): Promise<LinkStatus> {
  const chosen = chooseLink(requireProject(context), options.link);
  return await withLink(context, 'link-status', chosen, (ports) => askLinkStatus(ports, chosen));
}
