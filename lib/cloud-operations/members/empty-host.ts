import type { CloudApi } from '../../private-cloud/members/ports.ts';
import { counted } from '../../text/plural.ts';
import { StepFault } from './errors.ts';

/** Servers that are on their way at once: Nova itself moves one after the other. */
const MOVES = 4;
/** Seconds without a server less after which waiting is given up; as long as a large and busy one takes. */
const PATIENCE = 3600;
const EVERY = 5;
const ATTEMPTS = 3;
const ON_THEIR_WAY = new Set(['MIGRATING', 'RESIZE', 'REBUILD']);

export interface EmptyPorts {
  readonly api: Pick<CloudApi, 'serversOn' | 'liveMigrate'>;
  /** Of a host that is off. */
  readonly evacuate?: CloudApi['evacuate'] | undefined;
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Moves every server to another host, a few at a time, or rebuilds it there where `evacuate` is given: then its host is off. Ends once the
 * host has none. One that comes back three times can't be moved, and somebody must look why.
 * @throws StepFault
 */
export async function emptyHost(
  host: string,
  { api, evacuate, sleep }: EmptyPorts,
  { signal, onWait }: { readonly signal: AbortSignal; readonly onWait?: ((text: string) => void) | undefined },
): Promise<void> {
  const asked = new Map<string, number>();
  for (let waited = 0, before = Number.POSITIVE_INFINITY; waited < PATIENCE; waited += EVERY) {
    signal.throwIfAborted();
    const servers = await api.serversOn(host, signal);
    if (servers.length === 0) return;
    if (servers.length < before) waited = 0;
    before = servers.length;
    const waiting = servers.filter(({ status }) => !ON_THEIR_WAY.has(status));
    const stuck = waiting.find(({ id, status }) => status === 'ERROR' || (asked.get(id) ?? 0) >= ATTEMPTS);
    if (stuck !== undefined) {
      const { id, name, status } = stuck;
      const attempts = counted(asked.get(id) ?? 0, 'attempt');
      throw new StepFault(`the server ${name} (${id}) does not leave ${host}: ${status} after ${attempts}`);
    }
    const moving = servers.length - waiting.length;
    for (const { id } of waiting.slice(0, Math.max(0, MOVES - moving))) {
      asked.set(id, (asked.get(id) ?? 0) + 1);
      await (evacuate === undefined ? api.liveMigrate(id, undefined, signal) : evacuate(id, signal));
    }
    onWait?.(`${counted(servers.length, 'server is', 'servers are')} on ${host}`);
    await sleep(EVERY, signal);
  }
  throw new StepFault(`${host} still has servers, and none has left it for an hour`);
}
