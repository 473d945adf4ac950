import { changeTunnelKey, publishTunnelKey } from '../../aws-api/tunnel-key.ts';
import { declined } from '../../deploy/errors.ts';
import type { DeployPorts } from '../../deploy/ports.ts';
import { openProjectSecrets } from '../../deploy/project-secrets.ts';
import { chooseLink, type LinkAndSides } from '../../link/choose.ts';
import { sideNotDeployed } from '../../link/errors.ts';
import type { RotatePorts } from '../../link/rotate/ports.ts';
import { rotateKeys, tunnelsToRotate } from '../../link/rotate/rotate.ts';
import { StackId } from '../../stack/id.ts';
import { withClouds } from '../clouds.ts';
import { requireProject } from '../configuration.ts';
import { type ActionContext, inform, warnerOf } from '../context.ts';
import { awsOf, linkPorts } from './ports.ts';

export interface LinkRotateOptions {
  /** @default - the only one of the project */
  readonly link?: string | undefined;
  /** `1-2`: of gateway 1, the second one. @default - all four, one after the other */
  readonly tunnel?: string | undefined;
}

export interface LinkRotate {
  readonly link: string;
  /** Those that have new keys, in order. */
  readonly tunnels: readonly string[];
}

/**
 * Gives the tunnels of a link new pre-shared keys on both sides, one at a time, after asking.
 * @throws TandemError `link-unknown`, `link-not-named`, `link-tunnel-unknown`, `link-not-well`, `link-rotation-stuck`, `link-rotation-unfinished`,
 * `link-side-not-deployed`, `declined`
 */
export async function rotate(context: ActionContext, options: LinkRotateOptions): Promise<LinkRotate> {
  const { signal, io } = context;
  const project = requireProject(context);
  const chosen = chooseLink(project, options.link);
  const tunnels = tunnelsToRotate(chosen, options.tunnel);
  const ids = tunnels.map(({ id }) => id);
  return await withClouds(context, project, async (deploy) => {
    const offer = await offerOf(deploy, chosen, signal);
    const text = `Give ${ids.join(', ')} of ${chosen.link.name} new keys, one at a time?`;
    if (!(await io.confirm({ code: 'link-rotate', text }))) throw declined();
    const store = await openProjectSecrets({ ...context, project, warn: warnerOf(context) });
    const done: string[] = [];
    try {
      const ports: RotatePorts = {
        ...{ ...deploy, ...linkPorts(context, project, deploy, chosen), store, offer },
        changeKey: async (tunnel, key) => await changeTunnelKey(await awsOf(context, chosen), tunnel, key),
        publish: async (name, key) => await publishTunnelKey(await awsOf(context, chosen), name, key),
        onStep(step) {
          done.push(step);
          inform(context, step);
        },
      };
      await rotateKeys(ports, chosen, tunnels, { signal, emit: io.emit.bind(io) });
    } finally {
      store.close();
      const { store: kind, path } = project.organisation.value.secrets;
      if (done.length > 0 && kind === 'file')
        warnerOf(context)(
          `keys of ${chosen.link.name} were changed: commit ${path}, without which others deploy old ones`,
        );
    }
    return { link: chosen.link.name, tunnels: ids };
  });
}

/** Gateways are told as a deploy tells them: by what was last applied. @throws TandemError `link-side-not-deployed` */
async function offerOf(
  { records, bootSecrets }: DeployPorts,
  { cloud }: LinkAndSides,
  signal: AbortSignal,
): Promise<RotatePorts['offer']> {
  const id = StackId.link(cloud.name);
  const record = await records.read(id);
  if (record === undefined) throw sideNotDeployed(id);
  return async (changed) => (await bootSecrets?.provide({ id, text: record.artefact }, signal, changed))?.offered ?? [];
}
