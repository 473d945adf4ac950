import { setTimeout as sleep } from 'node:timers/promises';
import type { StackEvent as CloudEvent, CloudFormationClient, Stack } from '@aws-sdk/client-cloudformation';
import type { StackId } from '../../stack/id.ts';
import type { StackEvent } from '../engine.ts';
import { conditionOf, eventsUntil, findStack } from './stack-state.ts';

/** How an operation of CloudFormation ended. */
export interface Ending {
  /** Undefined where the stack is gone. */
  readonly stack: Stack | undefined;
  /** Its events, oldest first. */
  readonly events: readonly CloudEvent[];
}

export interface FollowRequest {
  readonly id: StackId;
  /** The stack's own id: a removed one is found by it alone. */
  readonly stackId: string;
  /** Whether an event belongs to the operation; those before it are left out. */
  readonly begins: (event: CloudEvent) => boolean;
  readonly signal: AbortSignal;
}

/** First and longest wait between two looks, in milliseconds. */
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 4000;
const LONGEST_SILENCE = 120_000;

/** Tells what an operation does until it is over. Leaving off does not stop it: CloudFormation works to the end. */
export async function* follow(
  client: CloudFormationClient,
  { id, stackId, begins, signal }: FollowRequest,
): AsyncGenerator<StackEvent, Ending> {
  const all: CloudEvent[] = [];
  const seen = new Set<string>();
  const started = new Map<string, Date>();
  for (let pause = FIRST_PAUSE, quiet = 0; ; ) {
    // The status first: what a stack ends with has all its events by then.
    const stack = await findStack(client, stackId);
    const page = await eventsUntil(client, stackId, (event) => seen.has(event.EventId ?? '') || begins(event));
    const isKnown = seen.size > 0 || page.some(begins);
    const news = isKnown ? page.filter((event) => !seen.has(event.EventId ?? '')).toReversed() : [];
    for (const event of news) {
      seen.add(event.EventId ?? '');
      all.push(event);
      const told = toStackEvent(id, event, started);
      if (told !== undefined) yield told;
    }
    if (isOver(all, stack))
      return { stack: conditionOf(stack?.StackStatus) === 'absent' ? undefined : stack, events: all };
    // Somebody was quicker: nothing begins on a stack that is gone.
    if (!isKnown && conditionOf(stack?.StackStatus) === 'absent') return { stack: undefined, events: [] };
    quiet = news.length > 0 ? 0 : quiet + pause;
    // An operation that never shows itself in the events has not begun.
    if (!isKnown && quiet > LONGEST_SILENCE) return { stack, events: [] };
    pause = news.length > 0 ? FIRST_PAUSE : Math.min(pause * 1.5, LONGEST_PAUSE);
    await sleep(pause, undefined, { signal });
  }
}

/** Answers lag behind each other: both the stack and the last of its own events must say so. */
function isOver(events: readonly CloudEvent[], stack: Stack | undefined): boolean {
  const last = events.findLast((event) => event.PhysicalResourceId === event.StackId)?.ResourceStatus ?? '';
  return /_(?:COMPLETE|FAILED)$/.test(last) && conditionOf(stack?.StackStatus) !== 'busy';
}

const ACTIONS = { CREATE: 'create', UPDATE: 'update', DELETE: 'delete', IMPORT: 'import' } as const;

/** An event of CloudFormation as one of Tandem's; undefined for what says nothing new. */
function toStackEvent(id: StackId, event: CloudEvent, started: Map<string, Date>): StackEvent | undefined {
  const { ResourceStatus: status = '', LogicalResourceId: address = '', PhysicalResourceId: physical } = event;
  const reason = event.ResourceStatusReason;
  if (physical === event.StackId)
    return /ROLLBACK_IN_PROGRESS$/.test(status)
      ? { kind: 'message', stack: id, level: 'warn', text: `rolls back: ${reason ?? 'no reason was given'}` }
      : undefined;
  const kept = `${event.ResourceType ?? ''} ${physical ?? address}`;
  if (status === 'DELETE_SKIPPED')
    return { kind: 'message', stack: id, level: 'info', text: `${address} stays in the account: ${kept}` };
  const [, verb, phase] = /^(CREATE|UPDATE|DELETE|IMPORT)_(IN_PROGRESS|COMPLETE|FAILED)$/.exec(status) ?? [];
  const action = ACTIONS[verb as keyof typeof ACTIONS] as (typeof ACTIONS)[keyof typeof ACTIONS] | undefined;
  if (action === undefined) return undefined;
  const key = `${action} ${address} ${action === 'delete' ? (physical ?? '') : ''}`;
  const at = event.Timestamp ?? new Date(0);
  if (phase === 'IN_PROGRESS') {
    if (started.has(key)) return undefined;
    started.set(key, at);
    return { kind: 'resource', stack: id, address, action, phase: 'start', seconds: 0 };
  }
  const seconds = Math.max(0, (at.getTime() - (started.get(key) ?? at).getTime()) / 1000);
  return {
    kind: 'resource',
    stack: id,
    address,
    action,
    phase: phase === 'COMPLETE' ? 'done' : 'failed',
    seconds,
    ...(physical === undefined || physical === '' ? {} : { id: physical }),
  };
}
