import { chooseLink } from '../../link/choose.ts';
import { askLinkStatus } from '../../link/status/ask.ts';
import type { LinkStatus } from '../../link/status/report.ts';
import { withClouds } from '../clouds.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import { linkPorts } from './ports.ts';

export interface LinkStatusOptions {
  /** @default - the only one of the project */
  readonly link?: string | undefined;
}

/** Asks both sides of a link. Changes nothing. @throws TandemError `link-unknown`, `link-not-named` */
export async function status(context: ActionContext, options: LinkStatusOptions): Promise<LinkStatus> {
  const project = requireProject(context);
  const chosen = chooseLink(project, options.link);
  return await withClouds(context, project, (ports) =>
    askLinkStatus(linkPorts(context, project, ports, chosen), chosen),
  );
}
