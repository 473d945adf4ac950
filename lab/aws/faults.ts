/** A failure that a test injects, and how often. */
export interface ResourceFault {
  readonly action: 'create' | 'update' | 'delete';
  /** @default - any */
  readonly stackName?: string;
  /** @default - any */
  readonly logicalId?: string;
  /** @default - any */
  readonly type?: string;
  /** The service's message, as it appears in the stack's events. */
  readonly message: string;
  /** @default 1 */
  readonly times?: number;
}

export interface CallFault {
  /** `sqs:ReceiveMessage`; `sqs:*` for all of a service. */
  readonly call: string;
  readonly code: string;
  readonly message?: string;
  /** @default 400 */
  readonly status?: number;
  /** Whether the call has its effect all the same, and only its answer is lost. @default false */
  readonly after?: boolean;
  /** @default 1 */
  readonly times?: number;
}

interface Waiting<T> {
  readonly fault: T;
  left: number;
}

/** Injected faults that are still to occur. */
export class Faults {
  readonly #resources: Waiting<ResourceFault>[] = [];
  readonly #calls: Waiting<CallFault>[] = [];

  failResource(fault: ResourceFault): void {
    this.#resources.push({ fault, left: fault.times ?? 1 });
  }

  failCall(fault: CallFault): void {
    this.#calls.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#resources.length = 0;
    this.#calls.length = 0;
  }

  /** The message of the fault that hits this resource now; undefined if none does. */
  takeResource(at: Required<Pick<ResourceFault, 'action' | 'stackName' | 'logicalId' | 'type'>>): string | undefined {
    return take(
      this.#resources,
      (fault) =>
        fault.action === at.action &&
        (fault.stackName ?? at.stackName) === at.stackName &&
        (fault.logicalId ?? at.logicalId) === at.logicalId &&
        (fault.type ?? at.type) === at.type,
    )?.message;
  }

  takeCall(service: string, call: string): CallFault | undefined {
    return take(this.#calls, (fault) => fault.call === `${service}:${call}` || fault.call === `${service}:*`);
  }
}

function take<T>(waiting: Waiting<T>[], hits: (fault: T) => boolean): T | undefined {
  const index = waiting.findIndex(({ fault }) => hits(fault));
  const found = waiting[index];
  if (found === undefined) return undefined;
  found.left -= 1;
  if (found.left <= 0) waiting.splice(index, 1);
  return found.fault;
}
