import { type Tunnel, tunnelsOf } from '../../config/link/tunnels.ts';
import { runOperation } from '../../deploy/operation.ts';
import type { DeployOptions, RunningOperation } from '../../deploy/ports.ts';
import { StackId } from '../../stack/id.ts';
import type { UnfinishedOperation } from '../../state/journal.ts';
import type { LinkAndSides } from '../choose.ts';
import { otherRotation, tunnelUnknown } from '../errors.ts';
import type { RotatePorts } from './ports.ts';
import { rotateTunnel } from './tunnel.ts';

export type RotateOptions = Pick<DeployOptions, 'signal' | 'emit'>;

/** The tunnels to rotate, in order: the one that is named, or all four. Pure. @throws TandemError `link-tunnel-unknown` */
export function tunnelsToRotate({ link }: LinkAndSides, id?: string): readonly Tunnel[] {
  const all = tunnelsOf(link.name, link.value);
  if (id === undefined) return all;
  const found = all.filter((each) => each.id === id);
  if (found.length > 0) return found;
  throw tunnelUnknown(
    id,
    all.map((each) => each.id),
  );
}

/**
 * Gives tunnels new pre-shared keys, one after the other, under the locks of both sides and in the journal. A tunnel is left by its traffic
 * before anything of it changes, and no other is touched before it carries again. Interrupted and run again, it goes on; every step may be
 * repeated, for the new key is in the store before anybody gets it.
 * @throws TandemError `link-not-well`, `link-rotation-stuck`, `link-rotation-unfinished`, `state-locked`
 */
export async function rotateKeys(
  ports: RotatePorts,
  chosen: LinkAndSides,
  tunnels: readonly Tunnel[],
  options: RotateOptions,
): Promise<void> {
  const { link, cloud, environment } = chosen;
  const given = tunnels.map(({ id }) => id).join(',');
  const only = tunnels.length === 1 ? ` --tunnel ${given}` : '';
  const runner = {
    ...options,
    verb: 'link rotate',
    arguments: { link: link.name, tunnels: given },
    resume: `tandem link rotate ${link.name}${only}`,
    resumes: ({ verb, arguments: open }: UnfinishedOperation) =>
      verb === 'link rotate' && open['link'] === link.name && open['tunnels'] === given,
    // Two at once, and one would take the other's new key for its own.
    refuses: ({ verb, resume }: UnfinishedOperation) =>
      verb === 'link rotate' ? otherRotation(link.name, resume) : undefined,
  };
  const stacks = [StackId.link(cloud.name), StackId.awsLink(environment.name)];
  await runOperation(ports, stacks, runner, async (operation: RunningOperation) => {
    for (const tunnel of tunnels) await rotateTunnel(ports, chosen, tunnel, operation, options.signal);
  });
}
