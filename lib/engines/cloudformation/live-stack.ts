import {
  type StackEvent as CloudEvent,
  type CloudFormationClient,
  ContinueUpdateRollbackCommand,
  GetTemplateCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { artefactName, type StackId } from '../../stack/id.ts';
import { jsonIn } from '../../text/json.ts';
import type { PlanOptions, StackEvent } from '../engine.ts';
import { stackBusy, stackStuck } from './errors.ts';
import { faultsIn } from './faults.ts';
import { type Ending, follow } from './follow.ts';
import {
  type Condition,
  conditionOf,
  eventsUntil,
  findStack,
  isBeginning,
  newToken,
  TOKEN_PREFIX,
} from './stack-state.ts';

/** A stack at rest. */
export interface LiveStack {
  readonly condition: Exclude<Condition, 'busy'>;
  /** Undefined where there is none. */
  readonly stack: Stack | undefined;
}

type Options = Pick<PlanOptions, 'signal' | 'adopt' | 'destroy' | 'readOnly' | 'emit'>;

/**
 * A stack once nothing works on it. An operation that a killed Tandem began is waited for; the rollback of an interrupted one that got
 * stuck is continued; somebody else's is left to them.
 * @throws TandemError `stack-busy`, `stack-stuck`
 */
export async function settledStack(client: CloudFormationClient, id: StackId, options: Options): Promise<LiveStack> {
  const name = artefactName(id);
  let stack = await findStack(client, name);
  if (conditionOf(stack?.StackStatus) === 'busy' && stack !== undefined) {
    stack = await wait(client, id, stack, options);
  }
  // Whatever its state, it can be removed.
  if (conditionOf(stack?.StackStatus) === 'rollback-failed' && stack !== undefined && !options.destroy)
    stack = await continueRollback(client, id, stack, options);
  return { condition: conditionOf(stack?.StackStatus) as LiveStack['condition'], stack };
}

async function wait(client: CloudFormationClient, id: StackId, stack: Stack, options: Options) {
  const { StackId: stackId = '', StackStatus: status = '' } = stack;
  const beginning = (await eventsUntil(client, stackId, isBeginning)).at(-1);
  const isOurs = beginning?.ClientRequestToken?.startsWith(TOKEN_PREFIX) === true;
  const since = beginning?.Timestamp?.toISOString() ?? 'an unknown time';
  if (options.readOnly === true || !(isOurs || options.adopt)) throw stackBusy(id, status, since);
  say(options, id, 'info', `CloudFormation is still working on it (${status} since ${since}); waiting`);
  const begins = (event: CloudEvent): boolean => event.EventId === beginning?.EventId;
  const { stack: settled, events } = await drain(
    follow(client, { id, stackId, begins, signal: options.signal }),
    options.emit,
  );
  if (/ROLLBACK|FAILED/.test(settled?.StackStatus ?? ''))
    for (const { address, summary } of faultsIn(events, id))
      say(options, id, 'warn', `the operation in progress failed: ${address === '' ? '' : `${address}: `}${summary}`);
  return settled;
}

/** Nothing is skipped, so that nothing is lost: it succeeds once the cause is fixed. */
async function continueRollback(client: CloudFormationClient, id: StackId, stack: Stack, options: Options) {
  const { StackId: stackId = '', StackStatusReason: why = '' } = stack;
  const name = artefactName(id);
  const byHand = `fix the cause, run \`aws cloudformation continue-update-rollback --stack-name ${name}\`, then run again`;
  if (options.readOnly === true || !options.adopt) throw stackStuck(id, 'UPDATE_ROLLBACK_FAILED', why, byHand);
  say(options, id, 'warn', `its rollback failed (${why}); continuing the rollback`);
  const token = newToken();
  await client.send(new ContinueUpdateRollbackCommand({ StackName: stackId, ClientRequestToken: token }));
  const begins = (event: CloudEvent): boolean =>
    event.ClientRequestToken === token && event.ResourceStatus === 'UPDATE_ROLLBACK_IN_PROGRESS';
  const ending = await drain(follow(client, { id, stackId, begins, signal: options.signal }), options.emit);
  if (conditionOf(ending.stack?.StackStatus) !== 'rollback-failed') return ending.stack;
  const [fault] = faultsIn(ending.events, id);
  throw stackStuck(
    id,
    'UPDATE_ROLLBACK_FAILED',
    `${fault?.address ?? ''}: ${fault?.summary ?? ''}`,
    'fix the cause, then `tandem deploy --resume`',
  );
}

/** Hands events on, and gives how it ended. */
async function drain(
  events: AsyncGenerator<StackEvent, Ending>,
  emit: ((event: StackEvent) => void) | undefined,
): Promise<Ending> {
  for (;;) {
    const next = await events.next();
    if (next.done === true) return next.value;
    emit?.(next.value);
  }
}

function say({ emit }: Options, stack: StackId, level: 'info' | 'warn', text: string): void {
  emit?.({ kind: 'message', stack, level, text });
}

/** The template that a stack has now, as it was submitted; undefined where it is no JSON. */
export async function liveTemplate(client: CloudFormationClient, stackId: string): Promise<string | undefined> {
  const { TemplateBody: text = '' } = await client.send(
    new GetTemplateCommand({ StackName: stackId, TemplateStage: 'Original' }),
  );
  return jsonIn(text) === undefined ? undefined : text;
}
