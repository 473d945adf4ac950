import {
  type StackEvent as CloudEvent,
  type CloudFormationClient,
  DeleteStackCommand,
} from '@aws-sdk/client-cloudformation';
import type { StackId } from '../../../stack/id.ts';
import type { EngineOptions, FrozenStackPlan, StackEvent } from '../../engine.ts';
import { stackFailed } from '../../errors.ts';
import { deletionFaultsIn, isNotEmpty } from '../faults.ts';
import { type Ending, follow } from '../follow.ts';
import type { Handle } from '../handle.ts';
import { removeKeys } from '../link-keys.ts';
import { noteKept } from '../retained/note.ts';
import { isBeginning, type LiveResource, newToken } from '../stack-state.ts';
import { openStores } from './stores.ts';

/** Deletions of a stack whose data is taken out: what still runs during the first may put something in again. */
const DELETIONS = 3;

/**
 * Deletes a stack: notes what it leaves, takes out the data where that was asked for, and deletes. Safe to repeat.
 * @throws TandemError `stack-failed`, `not-emptied`
 */
export async function* destroyed(
  { stack, handle }: FrozenStackPlan,
  options: EngineOptions,
): AsyncGenerator<StackEvent> {
  const { id } = stack;
  const { connection, stackId, doomed = [], kept = [] } = handle as Handle;
  if (stackId === undefined) return;
  const client = connection.cloudFormation;
  if (kept.length + doomed.length > 0) await noteKept(connection, id, { kept, doomed });
  for (let attempt = 1; ; attempt += 1) {
    if (options.empty === true) yield* emptied(id, connection, doomed, options);
    options.signal.throwIfAborted();
    const ending = yield* deletion(client, id, stackId, options);
    if (ending.stack === undefined) {
      await removeKeys(connection, stack);
      return;
    }
    const faults = deletionFaultsIn(ending.events, id);
    const mayHelp = options.empty === true && attempt < DELETIONS && faults.some(isNotEmpty);
    if (!mayHelp) throw stackFailed(id, 'destroying', faults, attempt);
    const text = 'something was put in while the stack was deleted; emptying again';
    yield { kind: 'message', stack: id, level: 'info', text };
  }
}

/** Deletes a stack; what it may not delete is told as it is left. */
export async function* removed(
  client: CloudFormationClient,
  id: StackId,
  stackId: string,
  options: Pick<EngineOptions, 'signal'>,
): AsyncGenerator<StackEvent> {
  const ending = yield* deletion(client, id, stackId, options);
  if (ending.stack !== undefined) throw stackFailed(id, 'destroying', deletionFaultsIn(ending.events, id), 1);
}

async function* deletion(
  client: CloudFormationClient,
  id: StackId,
  stackId: string,
  { signal }: Pick<EngineOptions, 'signal'>,
): AsyncGenerator<StackEvent, Ending> {
  const token = newToken();
  await client.send(new DeleteStackCommand({ StackName: stackId, ClientRequestToken: token }));
  const begins = (event: CloudEvent): boolean => event.ClientRequestToken === token && isBeginning(event);
  return yield* follow(client, { id, stackId, begins, signal });
}

async function* emptied(
  stack: StackId,
  connection: Handle['connection'],
  doomed: readonly LiveResource[],
  { signal }: EngineOptions,
): AsyncGenerator<StackEvent> {
  const stores = openStores(connection);
  try {
    for (const { address, type, physicalId } of doomed) {
      let deleted = 0;
      for await (deleted of stores.empty(type, physicalId, signal))
        yield { kind: 'resource', stack, address, action: 'delete', phase: 'progress', seconds: 0 };
      if (deleted === 0) continue;
      const text = `emptied ${physicalId}: deleted ${deleted.toLocaleString('en-US')} versions, delete markers and uploads`;
      yield { kind: 'message', stack, level: 'info', text };
    }
  } finally {
    stores.close();
  }
}
