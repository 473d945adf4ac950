import type { FormedServer } from '../../../lab/servers/server.ts';

export interface Pinged {
  readonly sent: number;
  readonly lost: number;
  /** Between two answers, in seconds. */
  readonly longestGapSeconds: number;
  /** The same of pings to the server itself: as long the machine stood still. */
  readonly stoodStillSeconds: number;
}

/** Pings every 50 ms while something happens, and two seconds before and after. */
export async function pingedWhile(from: FormedServer, to: string, act: () => Promise<void>): Promise<Pinged> {
  const files = { [to]: `/root/ping-${crypto.randomUUID()}`, '127.0.0.1': `/root/ping-${crypto.randomUUID()}` };
  const started = Object.entries(files).map(([address, file]) =>
    from.exec(['sh', '-c', `ping -n -D -i 0.05 -W 1 ${address} >${file}; true`], { timeoutMs: 600_000 }),
  );
  await from.must(['sleep', '2']);
  await act();
  await from.must(['sleep', '2']);
  await from.must(['pkill', '-INT', '-x', 'ping']);
  await Promise.all(started);
  const [said = '', own = ''] = await Promise.all(Object.values(files).map((file) => from.must(['cat', file])));
  const [, sent, received] = /(\d+) packets transmitted, (\d+) received/.exec(said) ?? [];
  return {
    sent: Number(sent),
    lost: Number(sent) - Number(received),
    longestGapSeconds: longestGap(said),
    stoodStillSeconds: longestGap(own),
  };
}

function longestGap(said: string): number {
  const times = [...said.matchAll(/^\[([\d.]+)\] .* time=/gm)].map(([, at]) => Number(at));
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  return Math.round(Math.max(0, ...gaps) * 100) / 100;
}
