import { readFileSync } from 'node:fs';
import type { FleetPorts } from './adapters/real-ports.ts';
import { fleetPorts } from './adapters/real-ports.ts';
import { persist } from './backoff.ts';
import { verdict } from './breaker.ts';
import { type Log, wordsOf } from './log.ts';
import { Meter } from './meter.ts';
import { instanceIdOf, targetState } from './notices.ts';
import { redact } from './redact.ts';
import { onSignals } from './signals.ts';
import { openLog, reasonFile, stateFolder } from './start.ts';
import { VERSION } from './version.ts';
import { type Contact, contactOf } from './worker-contact.ts';

const BACKOFF = { firstMs: 1000, mostMs: 60_000 };
const POLL_MS = 5000;
const METRICS_MS = 60_000;
/** Written by what fetches the agent and its configuration, while that fails. */
const FETCH_FAILED = '/etc/tandem/why';

/**
 * Run by systemd when the worker's unit has failed for good. Says `broken` in the heartbeats and lets the group replace the instance,
 * unless others were given up lately: then it stays, does nothing and can be looked at, and no machine is launched in its place.
 */
export async function giveUp(configFile: string, env: NodeJS.ProcessEnv): Promise<number> {
  const { log } = openLog(env);
  const contact = contactOf(textOf(configFile) ?? '', env);
  if (contact === undefined) {
    log('error', 'the worker configuration names neither group nor table; nobody is told', { file: configFile });
    return 1;
  }
  const stop = new AbortController();
  onSignals(() => stop.abort(), log);
  const ports = fleetPorts(contact, env);
  const reason = redact(textOf(FETCH_FAILED) ?? textOf(reasonFile(stateFolder(env))) ?? 'the worker did not start');
  await stayBroken({ ports, contact, log, reason, signal: stop.signal });
  return 0;
}

export interface BrokenOptions {
  readonly ports: FleetPorts;
  readonly contact: Contact;
  readonly log: Log;
  readonly reason: string;
  readonly signal: AbortSignal;
}

/** Until the signal, or until the instance is terminated. */
async function stayBroken({ ports, contact, log, reason, signal }: BrokenOptions): Promise<void> {
  const { clock, random, metadata, table, group } = ports;
  const instanceId = await instanceIdOf({ ...ports, log }, signal);
  if (instanceId === undefined) return;
  const meter = new Meter(ports, log);
  const tryOn = <T>(what: string, attempt: () => Promise<T>): Promise<T | undefined> =>
    persist(attempt, {
      ...{ clock, random, backoff: BACKOFF, signal },
      onFailure: (error) => log('warn', `${what} failed; trying again`, { why: wordsOf(error) }),
    });
  const beat = (): Promise<void> =>
    table.put({
      ...{ instanceId, at: new Date(clock.now()).toISOString(), state: 'broken', jobs: [], version: VERSION },
      ...{ program: contact.program, failures: 0, finished: 0, failed: 0, reason },
    });
  await tryOn('heartbeat', beat);
  const peers = (await tryOn('heartbeats of others', () => table.peers())) ?? [];
  const whose = verdict({ ...contact, instanceId, peers, now: clock.now() });
  log('error', 'this machine is given up', { verdict: whose, reason });
  // Out of the launching hook first: an instance in it is not replaced by being unhealthy.
  const launched = await tryOn('launching hook', () =>
    group.complete(contact.launching, instanceId, whose === 'machine' ? 'ABANDON' : 'CONTINUE'),
  );
  if (whose === 'machine' && launched === 'no-such-action') await tryOn('health', () => group.setUnhealthy(instanceId));
  let countedAt = -Infinity;
  while (!signal.aborted) {
    if (clock.now() - countedAt >= METRICS_MS) {
      meter.count('WorkerBroken');
      if (whose === 'fleet') meter.count('FleetBreakerOpen');
      countedAt = clock.now();
      await meter.flush();
    }
    if ((await targetState(metadata).catch(() => undefined)) === 'Terminated') {
      await tryOn('terminating hook', () => group.complete(contact.terminating, instanceId, 'CONTINUE'));
      return;
    }
    await clock.sleep(POLL_MS, signal);
    await beat().catch((error: unknown) => log('warn', 'heartbeat failed', { why: wordsOf(error) }));
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
