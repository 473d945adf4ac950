import { TandemError } from '../../errors/tandem-error.ts';
import { firstOf } from '../../text/listed.ts';

export function stateLost(
  stack: string,
  why: string,
  last: { readonly id: string; readonly serial: number; readonly resources: number; readonly at: string } | undefined,
): TandemError {
  const before =
    last === undefined
      ? 'there is a record of it'
      : `after the last operation (${last.at}) it named ${last.resources} resources, serial ${last.serial}`;
  const back =
    last === undefined
      ? `put the state back from a backup; \`tandem state list ${stack}\` shows what Tandem has kept`
      : `\`tandem state list ${stack}\` shows the versions, and \`tandem state restore ${stack} ${last.id}\` puts the newest back`;
  return new TandemError({
    code: 'state-lost',
    message: `the state of ${stack} ${why}, while ${before}: a plan would make everything a second time`,
    next: `${back}; where its cloud was rebuilt and has nothing of it any more, \`tandem deploy --recreate ${stack}\` creates it anew`,
    details: { stack, version: last?.id ?? null },
  });
}

export function notLeftBehind(stack: string, version: string): TandemError {
  return new TandemError({
    code: 'not-left-behind',
    message: `version ${version} of ${stack} tells of nothing that was left behind: it goes by itself when it is old`,
    next: '`tandem list` shows what was left behind, and by which version',
    details: { stack, version },
  });
}

export function leftInLostProject(
  stack: string,
  project: string,
  orphans: readonly { readonly address: string; readonly id: string }[],
): TandemError {
  const left = orphans.map(({ address, id }) => `${address} (${id})`);
  return new TandemError({
    code: 'left-in-lost-project',
    message: `project ${project} of ${stack} is gone, and ${firstOf(left, 3)} still stand in it`,
    next: 'for a dev environment, `tandem env repair NAME` removes them, says what data is lost, and creates the environment anew',
    details: { stack, project, orphans },
  });
}
