import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hasPython, python } from './gateway.ts';

type TunnelState = 'good' | 'bad' | 'closed' | 'down' | 'starting';

interface Round {
  readonly states: readonly [TunnelState, TunnelState];
  readonly vrrp?: 'MASTER' | 'BACKUP';
  readonly drained?: boolean;
  /** Seconds since the round before. @default 1 */
  readonly after?: number;
}

interface Decided {
  /** Ranks that BGP was told, by far address: in, out. */
  readonly ranks: Readonly<Record<string, readonly [string, string]>>;
  readonly halves: boolean;
  readonly priority: number;
}

const work = mkdtempSync(join(tmpdir(), 'link-decide-'));
const [ONE, TWO] = ['169.254.100.1', '169.254.100.5'];
const OWN = ['AWS-IN', 'AWS-OUT'];
const LAST = ['AWS-IN-LAST', 'AWS-OUT-LAST'];

/** What a gateway does in each round. BGP and routes are recorded, not made. @param accepts whether BGP takes a change */
function decided(index: 1 | 2, rounds: readonly Round[], accepts = true): readonly Decided[] {
  const said = python(
    `
told = {"index": ${index}, "asn": 65010, "probeFailures": 4, "probeSeconds": 0.5, "unhealthy": -60, "healthySeconds": 5,
        "tunnels": [{"index": at, "interface": "tun%d" % at, "far": far, "outside": far} for at, far in ((1, "${ONE}"), (2, "${TWO}"))]}
settings = lambda: told
ranks, halves, out = {}, [False], []
def recorded(command, **_):
    for line in command:
        found = re.match(r"neighbor (\\S+) route-map (\\S+) (in|out)", line)
        if found:
            ranks.setdefault(found[1], ["", ""])[found[3] == "out"] = found[2]
    return subprocess.CompletedProcess(command, ${accepts ? 0 : 1}, b"", b"")
subprocess.run = recorded
subprocess.Popen = lambda *_, **__: None
announce_halves = lambda _, wanted: halves.__setitem__(0, wanted)
for name in os.listdir(RUN):
    os.unlink(os.path.join(RUN, name))
note("priority", "-60")
prober, now = Prober(), 1000.0
prober.began = 0
for given in json.loads(${JSON.stringify(JSON.stringify(rounds))}):
    now += given.get("after", 1)
    note("vrrp", given.get("vrrp", "BACKUP"))
    if given.get("drained"):
        note("drained", "")
    for tunnel, state in zip(prober.tunnels, given["states"]):
        tunnel.state = state
    prober.decide(now)
    out.append({"ranks": json.loads(json.dumps(ranks)), "halves": halves[0], "priority": int(noted("priority"))})
print("RESULT" + json.dumps(out))
`,
    { TANDEM_LINK_RUN: work },
  );
  return JSON.parse(/RESULT(.*)/.exec(said)?.[1] ?? '[]') as Decided[];
}

describe.runIf(hasPython)('a gateway, by the states of its tunnels', () => {
  afterAll(() => {
    rmSync(work, { recursive: true });
  });

  test('leads traffic past a tunnel that is bad, and tells halves through the other one while it has the address', () => {
    const [before, after] = decided(1, [
      { states: ['good', 'good'], vrrp: 'MASTER' },
      { states: ['bad', 'good'], vrrp: 'MASTER' },
    ]);
    expect(before).toMatchObject({ ranks: { [ONE]: OWN, [TWO]: OWN }, halves: false });
    expect(after).toMatchObject({ ranks: { [ONE]: LAST, [TWO]: OWN }, halves: true });
  });

  test('without the address tells no halves, whatever its tunnels are', () => {
    for (const index of [1, 2] as const) expect(decided(index, [{ states: ['bad', 'good'] }])[0]?.halves).toBe(false);
  });

  test('that is the second one tells halves for as long as it has the address', () => {
    const rounds = decided(2, [
      { states: ['good', 'good'] },
      { states: ['good', 'good'], vrrp: 'MASTER' },
      { states: ['good', 'good'] },
    ]);
    expect(rounds.map(({ halves }) => halves)).toEqual([false, true, false]);
  });

  test.each(['bad', 'down', 'closed', 'starting'] as const)('leaves no path where both are %s', (state) => {
    for (const index of [1, 2] as const) {
      const [round] = decided(index, [{ states: [state, state], vrrp: 'MASTER' }]);
      // Both have the same rank, and are told all that there is to tell.
      expect(round?.ranks).toEqual({
        [ONE]: ['AWS-IN-LAST', 'AWS-OUT-LAST-HALVES'],
        [TWO]: ['AWS-IN-LAST', 'AWS-OUT-LAST-HALVES'],
      });
      expect(round?.priority).toBe(-60);
    }
  });

  test('is healthy after five seconds with a good tunnel, and unhealthy at once without one', () => {
    const rounds = decided(1, [
      { states: ['good', 'down'] },
      { states: ['good', 'down'], after: 4 },
      { states: ['down', 'good'], after: 1 },
      { states: ['bad', 'down'], after: 1 },
      { states: ['good', 'down'], after: 1 },
    ]);
    expect(rounds.map(({ priority }) => priority)).toEqual([-60, -60, 0, -60, -60]);
  });

  test('that is drained gives the address away, and draws nothing', () => {
    const rounds = decided(1, [
      { states: ['good', 'good'], vrrp: 'MASTER' },
      { states: ['good', 'good'], vrrp: 'MASTER', after: 6 },
      { states: ['closed', 'closed'], vrrp: 'MASTER', drained: true },
    ]);
    expect(rounds.map(({ priority }) => priority)).toEqual([-60, 0, -60]);
    expect(rounds[2]).toMatchObject({ ranks: { [ONE]: LAST, [TWO]: LAST }, halves: false });
  });

  test('says again what BGP did not take, and not more than once a second', () => {
    const calls = decided(
      1,
      [{ states: ['good', 'good'] }, { states: ['good', 'good'], after: 0.5 }, { states: ['bad', 'good'], after: 2 }],
      false,
    );
    // Refused in the first round, so the second tunnel was not tried; the third round tells what is then.
    expect(calls.map(({ ranks }) => ranks)).toEqual([{ [ONE]: OWN }, { [ONE]: OWN }, { [ONE]: LAST }]);
  });
});
