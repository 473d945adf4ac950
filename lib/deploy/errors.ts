import { describeHoldings } from '../engines/holdings.ts';
import { TandemError } from '../errors/tandem-error.ts';
import { inputsOf, type StackHead } from '../stack/synthesized.ts';
import { describeTarget, type StackTarget } from '../stack/target.ts';
import { type UnfinishedOperation, wayOn } from '../state/journal.ts';
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
  return new TandemError({
    code: 'change-unfinished',
    message: `${cloud}: ${open.verb} by ${open.by}, begun ${open.startedAt}, is unfinished; its services stand between two states`,
    next: `go on with it: \`${wayOn(open.resume)}\``,
    details: { cloud, operation: open.id },
  });
}
