import type { ChangedEnvironment } from '../../actions/env/change.ts';
import type { CreatedEnvironment } from '../../actions/env/create.ts';
import type { CredentialsResult } from '../../actions/env/credentials.ts';
import type { DestroyedEnvironment } from '../../actions/env/destroy.ts';
import { NO_KEY } from '../../dev/render-show.ts';
import { asLines } from '../../text/lines.ts';
import { counted } from '../../text/plural.ts';

export function renderCreated(created: CreatedEnvironment): string {
  const { name, owner, until, changes, endpoints, ssh, hasKeys, credentials } = created;
  return asLines([
    `${name} is ready, leased to ${owner} until ${until} (${counted(changes, 'change')}).`,
    ...Object.entries(endpoints).map(([endpoint, url]) => `  ${endpoint}: ${url}`),
    ...(ssh === null ? [] : [`  log in: ${hasKeys ? ssh : NO_KEY}`]),
    `  for OpenStack clients: OS_CLIENT_CONFIG_FILE=${credentials.file} OS_CLOUD=${credentials.entry}`,
    ...pullRequestOf(created),
  ]);
}

export function renderCredentials({ name, file, entry, issued, until }: CredentialsResult): string {
  const end = until === null ? 'until they are rotated' : `until ${until}`;
  return asLines([
    `${issued ? 'New credentials' : 'Credentials'} of the owner of ${name}, which work ${end}:`,
    `  OS_CLIENT_CONFIG_FILE=${file} OS_CLOUD=${entry}`,
  ]);
}

export function renderChanged(changed: ChangedEnvironment): string {
  const { name, state, until, changes, asked } = changed;
  const said = `${name} is ${state}, leased until ${until} (${counted(changes, 'change')}).`;
  const waits = asked === null ? [] : [`Asked for until ${asked}: \`tandem env extend ${name} --approve\` grants it.`];
  return asLines([said, ...waits, ...pullRequestOf(changed)]);
}

export function renderDestroyed(destroyed: DestroyedEnvironment): string {
  const { name, orphaned } = destroyed;
  const left =
    orphaned === null
      ? []
      : [
          `Left behind: ${orphaned.things.map(({ kind, id }) => `${kind}/${id}`).join(', ')}.`,
          `Project ${orphaned.project} (${orphaned.projectId}) stays with that, disabled. Once nothing uses it, an administrator`,
          `removes both: the thing by the client of its service, then \`openstack project delete ${orphaned.projectId}\`.`,
        ];
  return asLines([`${name} is destroyed.`, ...left, ...pullRequestOf(destroyed)]);
}

function pullRequestOf({ pullRequest }: { readonly pullRequest: string | null }): string[] {
  return pullRequest === null ? [] : [`  open the pull request: ${pullRequest}`];
}
