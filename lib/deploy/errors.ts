import { describeHoldings } from '../engines/holdings.ts';
import type { Mark } from '../engines/lineage.ts';
import { TandemError } from '../errors/tandem-error.ts';
import { describeAhead } from '../plan/ahead.ts';
import type { StackPlan } from '../plan/model.ts';
import { inputsOf, type StackHead } from '../stack/synthesized.ts';
import { describeTarget, type StackTarget } from '../stack/target.ts';
import type { UnfinishedOperation } from '../state/journal.ts';
import type { StackRecord } from '../state/record.ts';
import { plural } from '../text/plural.ts';
import type { StackHoldings } from './ports.ts';

export function operationFailed(failed: readonly { readonly stack: string; readonly error: Error }[]): TandemError {
  const [first] = failed;
  const next = first?.error instanceof TandemError ? first.error.next : 'see the errors above';
  return new TandemError({
    code: 'operation-failed',
    message: `${failed.length} stacks failed: ${failed.map((each) => `${each.stack} (${each.error.message})`).join('; ')}`,
    next,
    cause: first?.error,
    details: {
      failed: failed.map(({ stack, error }) => ({
        stack,
        code: error instanceof TandemError ? error.code : 'unexpected',
        message: error.message,
        ...(error instanceof TandemError ? { details: error.details } : {}),
      })),
    },
  });
}

/** `it takes addresses of the gateways from openstack/paris/link-addresses, and not all of them are there`. */
export function describeTakes({ takes = [] }: Pick<StackHead, 'takes'>): string {
  const each = inputsOf({ unresolvedInputs: [], takes }).map(({ name, from }) => `${name} from ${from}`);
  return `it takes ${each.join(', ')}, and not all of them are there`;
}

export function takesMissing(stack: Pick<StackHead, 'id' | 'takes'>): TandemError {
  const sources = [...new Set((stack.takes ?? []).map(({ from }) => from))];
  return new TandemError({
    code: 'takes-missing',
    message: `${stack.id} waits: ${describeTakes(stack)}`,
    next: `run \`tandem deploy ${sources.join(' ')}\``,
  });
}

export function declined(): TandemError {
  return new TandemError({
    code: 'declined',
    message: 'not confirmed',
    next: 'run again and answer yes, or pass --yes',
  });
}

/** @param command - As it was given @param review - The command that shows what would be done; undefined where it was shown before the question */
export function noTerminal(command: string, review: string | undefined): TandemError {
  return new TandemError({
    code: 'no-terminal',
    message: 'the changes must be confirmed, and there is no terminal to ask on',
    next:
      review === undefined
        ? `read what would be done above, then run \`${command} --yes\``
        : `review what would be done (\`${review}\`), then run \`${command} --yes\``,
  });
}

/** @param what - The command that goes on, with the operation that is unfinished; alone where none is known to be */
export function interrupted(
  what: { readonly command: string; readonly operation?: string; readonly stacks?: readonly string[] },
  cause?: unknown,
): TandemError {
  const { command, operation, stacks = [] } = what;
  return new TandemError({
    code: 'interrupted',
    message:
      stacks.length === 0
        ? 'interrupted'
        : `interrupted; ${stacks.join(', ')} ${plural(stacks.length, 'is', 'are')} unfinished`,
    next:
      operation === undefined
        ? `run \`${command}\` again: it finds what was done, and goes on from there`
        : `run \`${command}\` to continue operation ${operation}`,
    cause,
    details: operation === undefined ? {} : { operation, stacks },
  });
}

export function nothingToResume(): TandemError {
  return new TandemError({
    code: 'nothing-to-resume',
    message: 'no operation is unfinished',
    next: 'run `tandem deploy STACK` to start one',
  });
}

export function resumeElsewhere(operation: string, verb: string, command: string): TandemError {
  return new TandemError({
    code: 'resume-elsewhere',
    message: `operation ${operation} is an unfinished \`${verb}\``,
    next: `continue it with \`${command}\``,
  });
}

export function severalToResume(
  operations: readonly { readonly id: string; readonly verb: string; readonly stacks: readonly string[] }[],
): TandemError {
  const list = operations.map((each) => `${each.id} (${each.verb} ${each.stacks.join(' ')})`).join('; ');
  return new TandemError({
    code: 'several-to-resume',
    message: `${operations.length} operations are unfinished: ${list}`,
    next: 'name one of their stacks, or the operation: `tandem deploy --resume OPERATION`',
    details: { operations },
  });
}

export function foreignStack(stack: string, mark: Mark, record: StackRecord | undefined): TandemError {
  const { lineage, by, at, place, where } = mark;
  const when = at === '' ? '' : ` on ${at.slice(0, 16).replace('T', ' ')} UTC`;
  const theirs = place === '' ? '' : `, with the state in ${place}`;
  const lost =
    record === undefined ? '' : `; it was deployed from here on ${record.at.slice(0, 10)} and taken over since`;
  const message =
    lineage === undefined
      ? `${stack} is there already (${where}), and neither the state of this checkout nor any mark says who deployed it`
      : `${stack} belongs to another state (${where}): ${by === '' ? 'somebody' : by} deployed it${when}${theirs}${lost}`;
  const share = place.startsWith('local files')
    ? 'have its owner move the state to a shared back end (state.backend in config/tandem.yaml), or copy their .tandem folder here'
    : 'work with the state that it was deployed with (state.backend in config/tandem.yaml)';
  return new TandemError({
    code: 'foreign-stack',
    message,
    next: `${share}; to take the stack over from them knowingly, \`tandem adopt ${stack}\``,
    details: { stack, lineage: lineage ?? null, by, at, place, where },
  });
}

export function targetChanged(
  stacks: readonly {
    readonly stack: string;
    readonly from: StackTarget;
    readonly to: StackTarget;
    readonly commit: string;
    readonly file: string;
  }[],
): TandemError {
  const [first] = stacks;
  const ids = stacks.map(({ stack }) => stack).join(' ');
  const from = describeTarget(first?.from ?? {});
  const commit = first?.commit ?? '';
  const back =
    commit === ''
      ? `put its target back in ${first?.file ?? 'the configuration'}, run \`tandem destroy ${ids}\`, and change it again`
      : `\`git checkout ${commit.slice(0, 10)}\`, \`tandem destroy ${ids}\`, \`git checkout -\``;
  return new TandemError({
    code: 'target-changed',
    message: `${ids} ${plural(stacks.length, 'is', 'are')} in ${from}, and the configuration sends ${plural(stacks.length, 'it', 'them')} to ${describeTarget(first?.to ?? {})}: what is there would stay behind, owned by nobody and paid for`,
    next: `to move, destroy it where it is, with all data in it: ${back}; then run this again. To leave it there knowingly, \`tandem deploy ${ids}${stacks.map(({ stack }) => ` --leave-behind ${stack}`).join('')}\`. Where the configuration is wrong, put the target back`,
    details: { stacks },
  });
}

export function behindRecord(stacks: readonly Pick<StackPlan, 'id' | 'ahead'>[]): TandemError {
  const told = stacks.flatMap(({ id, ahead }) => (ahead === undefined ? [] : [`${id} is ${describeAhead(ahead)}`]));
  return new TandemError({
    code: 'behind-record',
    message: told.join('; '),
    next: 'get what was applied into this checkout (`git fetch`, then merge or rebase), and deploy again; to revert it knowingly, type the word that `tandem deploy STACK` asks for, or run `tandem deploy --revert-ahead STACK`',
    details: { stacks: stacks.map(({ id, ahead }) => ({ stack: id, ...ahead })) },
  });
}

export function leftInLostProject(
  stack: string,
  project: string,
  orphans: readonly { readonly address: string; readonly id: string }[],
): TandemError {
  const first = orphans.slice(0, 3).map(({ address, id }) => `${address} (${id})`);
  const more = orphans.length > 3 ? ` and ${orphans.length - 3} more` : '';
  return new TandemError({
    code: 'left-in-lost-project',
    message: `project ${project} of ${stack} is gone, and ${first.join(', ')}${more} still stand in it`,
    next: 'for a dev environment, `tandem env repair NAME` removes them, says what data is lost, and creates the environment anew',
    details: { stack, project, orphans },
  });
}

export function adoptWouldReplace(
  stack: string,
  mark: Mark,
  changes: readonly { readonly address: string; readonly action: string }[],
): TandemError {
  const first = changes.slice(0, 3).map(({ action, address }) => `${action} ${address}`);
  const more = changes.length > 3 ? ` and ${changes.length - 3} more` : '';
  const state = mark.place === '' ? 'the state that deployed it' : `its state, in ${mark.place}`;
  return new TandemError({
    code: 'adopt-would-replace',
    message: `taken over, ${stack} would lose what is there: an import does not read back all that it was made from, and the next plan would ${first.join(', ')}${more}`,
    next: `work with ${state}: copy the .tandem folder of its owner here, or name the same state.backend in config/tandem.yaml; where that state is lost for good, \`tandem adopt ${stack} --allow-replace\` takes it over all the same, and the next plan asks about each`,
    details: { stack, changes: changes.map(({ address, action }) => ({ address, action })), place: mark.place },
  });
}

export function nothingToAdopt(stack: string): TandemError {
  return new TandemError({
    code: 'nothing-to-adopt',
    message: `nothing of ${stack} is there, or its cloud keeps no marks`,
    next: `\`tandem deploy ${stack}\` creates it`,
    details: { stack },
  });
}

export function adoptUnconfirmed(stack: string, lineage: string): TandemError {
  return new TandemError({
    code: 'adopt-unconfirmed',
    message: `taking over ${stack} must be confirmed by typing its name, and there is no terminal to ask on`,
    next: `name the very mark that is taken over: \`tandem adopt ${stack} --lineage ${lineage}\``,
    details: { stack, lineage },
  });
}

export function otherLineage(stack: string, named: string, found: string): TandemError {
  return new TandemError({
    code: 'other-lineage',
    message: `${stack} is marked by lineage ${found}, not by ${named}`,
    next: 'somebody else took it over meanwhile: talk to them before you name their mark',
    details: { stack, named, found },
  });
}

export function notDeployable(stack: string, engine: string): TandemError {
  return new TandemError({
    code: 'no-engine',
    message: `deploying ${engine} stacks is not supported: ${stack}`,
    next: 'omit this stack',
  });
}

export function notDestroyable(stack: string, why: string): TandemError {
  return new TandemError({
    code: 'not-destroyable',
    message: `${stack} cannot be destroyed: ${why}`,
    next: '`tandem list` shows the stacks and what is deployed of them',
  });
}

export function noSuchOutput(stack: string, name: string, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'no-such-output',
    message: `${stack} has no output "${name}"`,
    next: known.length === 0 ? 'the stack has no outputs' : `name one of: ${known.join(', ')}`,
  });
}

export function notDeployed(stack: string): TandemError {
  return new TandemError({
    code: 'not-deployed',
    message: `${stack} has no record of a deployment`,
    next: `run \`tandem deploy ${stack}\` to deploy it; \`tandem list\` shows which stacks are deployed`,
  });
}

export function tooManyStacks(verb: string, selector: string, stacks: readonly string[]): TandemError {
  return new TandemError({
    code: 'too-many-stacks',
    message: `\`${verb}\` takes one stack, and "${selector}" matches ${stacks.length}`,
    next: `name one of: ${stacks.join(', ')}`,
  });
}

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

export function holdsData(stacks: readonly StackHoldings[]): TandemError {
  const told = stacks.map(({ stack, holdings }) => `in ${stack}, ${describeHoldings(holdings)}`).join('; ');
  return new TandemError({
    code: 'holds-data',
    message: `data would be lost: ${told}`,
    next: `copy what is still needed; then \`tandem destroy ${stacks.map(({ stack }) => stack).join(' ')} --empty\` deletes it with the rest`,
    details: { stacks },
  });
}

/** Another operation on a cloud must end first: it would configure services for members that are not there. */
export function changeUnfinished(cloud: string, open: UnfinishedOperation): TandemError {
  const resume = open.resume === 'deploy' ? 'tandem deploy --resume' : open.resume;
  return new TandemError({
    code: 'change-unfinished',
    message: `${cloud}: ${open.verb} by ${open.by}, begun ${open.startedAt}, is unfinished; its services stand between two states`,
    next: `go on with it: \`${resume}\``,
    details: { cloud, operation: open.id },
  });
}
