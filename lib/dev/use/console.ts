import type { DevPorts } from '../ports.ts';
import { noConsole } from './errors.ts';
import { findServer, serversOf } from './servers.ts';

export interface ConsoleLog {
  readonly server: string;
  readonly text: string;
}

export interface ConsoleOptions {
  /** The last so many lines. @default - all that the cloud keeps */
  readonly lines?: number | undefined;
  /** Told of what is new, every two seconds, until the signal. @default - the log is read once */
  readonly onText?: ((text: string) => Promise<boolean>) | undefined;
}

const EVERY = 2000;

/** What a server printed on its console, as its cloud keeps it. @throws TandemError `no-such-server`, `no-console` */
export async function consoleLog(
  ports: DevPorts,
  name: string,
  wanted: string,
  { lines, onText }: ConsoleOptions = {},
): Promise<ConsoleLog> {
  const known = await serversOf(ports, name);
  const server = findServer(known, wanted);
  const cloud = ports.cloud(known.environment.cloud);
  const read = async (): Promise<string> => {
    const text = await cloud.consoleOf(server.id);
    if (text === undefined) throw noConsole(server.name, 'not on any host');
    return text;
  };
  const first = await read();
  const text = lines === undefined ? first : lastLines(first, lines);
  if (onText === undefined) return { server: server.name, text };
  let isRead = await onText(text);
  const isOver = (): boolean => !isRead || ports.signal.aborted;
  for (let before = first; !isOver(); ) {
    await ports.clock.sleep(EVERY, ports.signal).catch(() => undefined);
    if (isOver()) break;
    const now = await read();
    const more = newIn(before, now);
    if (more !== '') isRead = await onText(more);
    before = now;
  }
  return { server: server.name, text: '' };
}

/** Pure. */
export function lastLines(text: string, count: number): string {
  const lines = text.split('\n');
  const end = lines.at(-1) === '' ? 1 : 0;
  return lines.slice(Math.max(0, lines.length - end - count)).join('\n');
}

/** What a log has that an earlier look did not, also where its beginning was cut meanwhile. Pure. */
export function newIn(before: string, now: string): string {
  if (now.startsWith(before)) return now.slice(before.length);
  const tail = before.slice(-400);
  const at = tail === '' ? -1 : now.lastIndexOf(tail);
  return at < 0 ? now : now.slice(at + tail.length);
}
