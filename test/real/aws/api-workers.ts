import {
  CompleteLifecycleActionCommand,
  RecordLifecycleActionHeartbeatCommand,
  SetInstanceProtectionCommand,
} from '@aws-sdk/client-auto-scaling';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { Workload } from '../../../lib/simulate/workload/workload.ts';
import type { ApiFleet, Member } from './api-fleet.ts';

/** From the launch until a worker is ready: 60 s of boot and 5 s of start, as docs/simulate.md has it on average. */
const READY_MS = 65_000;
/** The agent's: a job of so long protects its instance, and idleness of so long releases it (docs/simulate.md). */
const [PROTECTED_AFTER_MS, RELEASED_AFTER_MS] = [30_000, 60_000];
const HEARTBEAT_MS = 100_000;

interface Work {
  readonly since: number;
  readonly until: number;
  /** Seconds. */
  readonly waited: number;
  readonly receipt: string;
}

interface Seen {
  readonly since: number;
  work: Work | undefined;
  idleSince: number;
  heartbeatAt: number;
}

/** Jobs in a queue, and a worker on each instance of a fleet: all they know and do is by calls of AWS's clients. Times are the endpoint's, in milliseconds since 1970. */
export class ApiWorkers {
  /** Seconds that each job waited that is done. */
  readonly waits: number[] = [];
  readonly #fleet: ApiFleet;
  readonly #workload: Workload;
  readonly #begin: number;
  readonly #seen = new Map<string, Seen>();
  #sent = 0;
  /** Messages are there, as far as is known. */
  #waiting = 0;

  constructor(fleet: ApiFleet, workload: Workload, begin: number) {
    this.#fleet = fleet;
    this.#workload = workload;
    this.#begin = begin;
  }

  /** The next moment at which it knows something to do: a job comes or ends, a worker is ready. */
  nextAfter(now: number): number {
    const known = [...this.#seen.values()].flatMap(({ since, work }) => [work?.until ?? Infinity, since + READY_MS]);
    const job = this.#begin + (this.#workload.at[this.#sent] ?? Infinity) * 1000;
    return [job, ...known].reduce((next, at) => (at > now ? Math.min(next, at) : next), Infinity);
  }

  /** Does what is due. @returns the desired capacity */
  async work(now: number): Promise<number> {
    await this.#send(now);
    const { desired, members } = await this.#fleet.describe();
    for (const member of members) await this.#goOn(member, now);
    return desired;
  }

  async #send(now: number): Promise<void> {
    const { at, seconds } = this.#workload;
    const due: { Id: string; MessageBody: string }[] = [];
    for (; (at[this.#sent] ?? Infinity) * 1000 + this.#begin <= now; this.#sent += 1)
      due.push({ Id: `j${this.#sent}`, MessageBody: JSON.stringify([at[this.#sent], seconds[this.#sent]]) });
    for (let from = 0; from < due.length; from += 10) {
      const Entries = due.slice(from, from + 10);
      await this.#fleet.sqs.send(new SendMessageBatchCommand({ QueueUrl: this.#fleet.queueUrl, Entries }));
    }
    this.#waiting += due.length;
  }

  async #goOn({ id, state, isProtected }: Member, now: number): Promise<void> {
    const seen = this.#seen.get(id) ?? { since: now, work: undefined, idleSince: now, heartbeatAt: 0 };
    this.#seen.set(id, seen);
    if (seen.work !== undefined && seen.work.until <= now) await this.#end(seen, seen.work, now);
    if (state === 'Pending:Wait' && seen.since + READY_MS <= now) await this.#complete(id, 'first-heartbeat');
    else if (state === 'Terminating:Wait') await this.#drain(id, seen, now);
    else if (state === 'InService') {
      if (seen.work === undefined && this.#waiting > 0) await this.#receive(seen, now);
      const isLong = seen.work !== undefined && seen.work.since + PROTECTED_AFTER_MS <= now;
      const isIdle = seen.work === undefined && seen.idleSince + RELEASED_AFTER_MS <= now;
      if (isProtected ? isIdle : isLong) await this.#protect(id, !isProtected);
    }
  }

  async #receive(seen: Seen, now: number): Promise<void> {
    const { sqs, queueUrl: QueueUrl } = this.#fleet;
    const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 0 }));
    if (message === undefined) return;
    this.#waiting -= 1;
    const [at = 0, seconds = 0] = JSON.parse(message.Body ?? '[]') as number[];
    const waited = (now - this.#begin) / 1000 - at;
    seen.work = { since: now, until: now + seconds * 1000, waited, receipt: message.ReceiptHandle ?? '' };
  }

  async #end(seen: Seen, work: Work, now: number): Promise<void> {
    await this.#fleet.sqs.send(
      new DeleteMessageCommand({ QueueUrl: this.#fleet.queueUrl, ReceiptHandle: work.receipt }),
    );
    [seen.work, seen.idleSince] = [undefined, now];
    this.waits.push(work.waited);
  }

  async #drain(id: string, seen: Seen, now: number): Promise<void> {
    if (seen.work === undefined) {
      await this.#complete(id, 'drain');
      return;
    }
    if (seen.heartbeatAt + HEARTBEAT_MS > now) return;
    seen.heartbeatAt = now;
    await this.#fleet.autoscaling.send(new RecordLifecycleActionHeartbeatCommand(this.#action(id, 'drain')));
  }

  async #complete(id: string, hook: string): Promise<void> {
    const input = { ...this.#action(id, hook), LifecycleActionResult: 'CONTINUE' };
    await this.#fleet.autoscaling.send(new CompleteLifecycleActionCommand(input));
  }

  async #protect(id: string, ProtectedFromScaleIn: boolean): Promise<void> {
    const AutoScalingGroupName = this.#fleet.group;
    await this.#fleet.autoscaling.send(
      new SetInstanceProtectionCommand({ AutoScalingGroupName, InstanceIds: [id], ProtectedFromScaleIn }),
    );
  }

  #action(InstanceId: string, LifecycleHookName: string) {
    return { AutoScalingGroupName: this.#fleet.group, LifecycleHookName, InstanceId };
  }
}
