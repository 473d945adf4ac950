import type { FormedServer } from '../../../../lab/servers/server.ts';

export interface Pinged {
  readonly sent: number;
  readonly lost: number;
  /** Between two answers, in seconds. */
  readonly longestGapSeconds: number;
}

/** Pings every 50 ms while something happens, and two seconds before and after. */
export async function pingedWhile(from: FormedServer, to: string, act: () => Promise<void>): Promise<Pinged> {
  const file = `/root/ping-${crypto.randomUUID()}`;
  const started = from.exec(['sh', '-c', `ping -n -D -i 0.05 -W 1 ${to} >${file}; true`]);
  await from.must(['sleep', '2']);
  await act();
  await from.must(['sleep', '2']);
  await from.must(['pkill', '-INT', '-x', 'ping']);
  await started;
  const said = await from.must(['cat', file]);
  const [, sent, received] = /(\d+) packets transmitted, (\d+) received/.exec(said) ?? [];
  const times = [...said.matchAll(/^\[([\d.]+)\] .* time=/gm)].map(([, at]) => Number(at));
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  return {
    sent: Number(sent),
    lost: Number(sent) - Number(received),
    longestGapSeconds: Math.round(Math.max(0, ...gaps) * 100) / 100,
  };
}
