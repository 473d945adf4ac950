import type { StackEvent } from '@aws-sdk/client-cloudformation';
import { type AwsFailure, readFailure } from '../../aws-api/aws-error.ts';
import type { StackId } from '../../stack/id.ts';
import type { Fault } from '../errors.ts';
import { shortened } from '../errors.ts';

const THROTTLED = /throttl|rate exceeded|too many requests|request limit exceeded|slow ?down/i;
/** Told of what was under way when something else failed: a consequence, never the cause. */
const CONSEQUENCE =
  /^Resource (?:creation|update|deletion) cancelled|^The following resource\(s\) failed to|^Resource creation Initiated/i;

/** Why a creation or an update failed, from its events: causes only, in the order in which they came. Pure. */
export function faultsIn(events: readonly StackEvent[], stackName: string): Fault[] {
  return causesIn(events, `${stackName} was rolled back`, NEXT);
}

/** Why a deletion failed. What could not be deleted is still there, and the rest is gone. Pure. */
export function deletionFaultsIn(events: readonly StackEvent[], stack: StackId): Fault[] {
  const next = `what could not be deleted is still there; fix the cause, then \`tandem destroy ${stack}\` deletes the rest`;
  return causesIn(events, `${stack} was not deleted`, next).map((fault) =>
    isNotEmpty(fault) ? { ...fault, next: `\`tandem destroy ${stack} --empty\` empties and deletes it` } : fault,
  );
}

/** Why an import failed; nothing of the account was changed. Pure. @param note parameter that says what is to be imported */
export function importFaultsIn(events: readonly StackEvent[], stack: StackId, note: string): Fault[] {
  const next = `fix the cause, then \`tandem deploy ${stack}\`; where what was kept is gone for good, \`aws ssm delete-parameter --name ${note}\` first, and all is made anew`;
  return causesIn(events, `what was kept of ${stack} was not imported`, next);
}

/** Said of a bucket that something is in. */
export function isNotEmpty({ summary }: Pick<Fault, 'summary'>): boolean {
  return /bucket you tried to delete is not empty|BucketNotEmpty/i.test(summary);
}

function causesIn(events: readonly StackEvent[], unexplained: string, next: string): Fault[] {
  const failed = events.filter((event) => (event.ResourceStatus ?? '').endsWith('_FAILED'));
  const ofResources = failed.filter((event) => event.PhysicalResourceId !== event.StackId);
  const causes = ofResources.filter((event) => !CONSEQUENCE.test(event.ResourceStatusReason ?? ''));
  const told = causes.length > 0 ? causes : failed;
  if (told.length === 0) return [faultOf('', unexplained, next)];
  return told.map((event) =>
    faultOf(
      event.PhysicalResourceId === event.StackId ? '' : (event.LogicalResourceId ?? ''),
      event.ResourceStatusReason ?? event.ResourceStatus ?? '',
      next,
    ),
  );
}

/**
 * The handler's words as CloudFormation passes them on: `… (Service: Ec2, Status Code: 400, Request ID: 8d…)`. CloudFormation has
 * waited out what passes, and knows what it made: only a throttled service is worth another attempt.
 */
function faultOf(address: string, reason: string, next: string): Fault {
  const status = Number(/Status Code: (\d{3})/.exec(reason)?.[1] ?? 0);
  const requestId = /Request ID: ([\w-]+)/i.exec(reason)?.[1] ?? '';
  const service = /Service: ([\w ]+?)[,;]/.exec(reason)?.[1];
  const isThrottled = THROTTLED.test(reason);
  // SQS gives the name again within a minute.
  const isHeld = /QueueDeletedRecently|must wait 60 seconds after deleting a queue/i.test(reason);
  return {
    address,
    summary: shortened(reason),
    // Without a request id, the number tells nobody more than the words.
    status: isThrottled ? 429 : requestId === '' ? 0 : status,
    requestId,
    request: service ?? '',
    remedy: isThrottled || isHeld || status >= 500 ? 'again' : 'fail',
    ...(isThrottled ? {} : { next }),
  };
}

const NEXT = 'fix the cause, then `tandem deploy --resume`: CloudFormation rolled this attempt back';

/** A call that AWS refused for good. */
export function faultOfCall(call: string, error: unknown): Fault {
  const { name, message, requestId, status }: AwsFailure = readFailure(error);
  return {
    address: '',
    summary: shortened(`${name}: ${message}`),
    status: requestId === '' ? 0 : status,
    requestId,
    request: call,
    remedy: 'fail',
    next: 'fix the cause and run again; the stack was not changed',
  };
}

/** Nobody's plan any more: planned anew, and never more than was confirmed. */
export function staleFault(): Fault {
  return {
    address: '',
    summary: 'the stack was changed by someone else after it was planned',
    status: 0,
    requestId: '',
    request: 'cloudformation:ExecuteChangeSet',
    remedy: 'again',
  };
}
