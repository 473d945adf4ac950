import { describe, expect, test } from 'vitest';
import { hasPython, python } from './gateway.ts';

const TOLD = {
  probeSeconds: 0.5,
  probeFailures: 4,
  firstSeconds: 10,
  mostSeconds: 300,
  forgetSeconds: 600,
};

/**
 * The states of a tunnel after each probe, without those that are the same as the one before.
 * @param script a letter a probe: `.` comes back, `x` is lost, `b` only the echo comes back, `,` what is behind answers too, `2` to `9` comes back so many probes late, `-` BGP has no session from here on, `+` it has one, `?` nobody has asked it yet, `c` closed, `o` open
 */
function states(script: string): readonly string[] {
  const said = python(`
told = json.loads(${JSON.stringify(JSON.stringify(TOLD))})
tunnel = Tunnel(told, {"index": 1, "interface": "tun1", "far": "169.254.100.1", "outside": "198.51.100.1"})
now, closed, seen, late = 100.0, False, [], []
tunnel.bgp, tunnel.routes = "Established", 1
for number, letter in enumerate(${JSON.stringify(script)}):
    if letter in "+-?":
        tunnel.bgp = {"+": "Established", "-": "Active", "?": None}[letter]
    elif letter in "co":
        closed = letter == "c"
    else:
        for kind in ("echo", "name"):
            if kind == "echo" or letter in ",b":
                tunnel.sent(kind, number, now)
        for kind in {".": ["echo"], ",": ["echo", "name"], "b": ["echo"]}.get(letter, []):
            tunnel.came_back(kind, number, now + 0.02)
        now += 0.5
        if letter.isdigit():
            late.append((number + int(letter), number))
        for due, which in late:
            if due == number:
                tunnel.came_back("echo", which, now)
        tunnel.expire(now)
    tunnel.judge(now, closed)
    if not seen or seen[-1][1] != tunnel.state:
        seen.append((number, tunnel.state))
print("RESULT" + json.dumps(seen))
`);
  const seen = JSON.parse(/RESULT(.*)/.exec(said)?.[1] ?? '[]') as [number, string][];
  return seen.map(([at, state]) => `${at}:${state}`);
}

describe.runIf(hasPython)('a tunnel, by what comes back through it', () => {
  test('is good after as many probes as would make it bad', () => {
    expect(states('.......')).toEqual(['0:starting', '3:good']);
  });

  test('is bad after four lost in a row, and not after three', () => {
    expect(states(`${'.'.repeat(8)}xxx${'.'.repeat(20)}`)).toEqual(['0:starting', '3:good']);
    expect(states(`${'.'.repeat(8)}xxxx`)).toEqual(['0:starting', '3:good', '11:bad']);
  });

  test('is bad where half of eight are lost, in whatever order', () => {
    expect(states(`${'.'.repeat(8)}x.x.x.x.`)).toEqual(['0:starting', '3:good', '14:bad']);
    expect(states(`${'.'.repeat(8)}${'x...'.repeat(10)}`)).toEqual(['0:starting', '3:good']);
  });

  test('is not bad where all come back late, unless so late that as many are on their way as make it bad', () => {
    expect(states('.'.repeat(8) + '3'.repeat(30))).toEqual(['0:starting', '3:good']);
    expect(states('.'.repeat(8) + '4'.repeat(30))).toEqual(['0:starting', '3:good', '11:bad']);
  });

  test('is bad as soon as before where one late answer comes between lost ones', () => {
    expect(states(`${'.'.repeat(8)}2xxxx`)).toEqual(['0:starting', '3:good', '12:bad']);
  });

  test('is good again ten seconds after its last loss that counted, then twenty', () => {
    const seen = states(`${'.'.repeat(8)}xxxx${'.'.repeat(40)}xxxx${'.'.repeat(60)}`);
    const [, good, bad, again, worse, last] = seen.map((each) => Number(each.split(':')[0]));
    expect(seen.map((each) => each.split(':')[1])).toEqual(['starting', 'good', 'bad', 'good', 'bad', 'good']);
    expect([good, bad]).toEqual([3, 11]);
    // Losses leave the window of eight after four answers; then 10 s are 20 probes.
    expect((again ?? 0) - (bad ?? 0)).toBeGreaterThanOrEqual(20);
    expect((last ?? 0) - (worse ?? 0)).toBeGreaterThanOrEqual(40);
  });

  test('that never answered is what BGP says', () => {
    expect(states('xxxxxxxxxxxx')).toEqual(['0:good']);
    expect(states('xxxx-xxxx+xx')).toEqual(['0:good', '4:down', '9:good']);
  });

  test('is not down before anybody has asked BGP: a prober that begins again gives no address away', () => {
    expect(states('?.....+.')).toEqual(['0:starting', '6:good']);
    expect(states('?.....-.')).toEqual(['0:starting', '6:down']);
  });

  test('whose end point answers while nothing behind it does is bad too, if something did before', () => {
    expect(states(`${','.repeat(8)}bbbb`)).toEqual(['0:starting', '3:good', '11:bad']);
    expect(states('b'.repeat(12))).toEqual(['0:starting', '3:good']);
  });

  test('without a session is down, and good again when probes come back', () => {
    expect(states('........-xx..........+....')).toEqual(['0:starting', '3:good', '8:down', '21:good']);
  });

  test('that is closed on purpose stays so, and is taken back with what came back meanwhile', () => {
    expect(states('........c........o.')).toEqual(['0:starting', '3:good', '8:closed', '17:good']);
  });
});
