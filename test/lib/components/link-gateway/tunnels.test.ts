import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasPython, python } from './gateway.ts';

describe.runIf(hasPython)('what is done to a tunnel on purpose', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'link-tunnels-'));
    mkdirSync(join(folder, 'etc/swanctl/conf.d'), { recursive: true });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const environment = () => ({ TANDEM_LINK_ROOT: folder, TANDEM_LINK_RUN: join(folder, 'run') });

  /** Writes the keys, lets the program know that strongSwan read them, and says what it did, in order. */
  function loaded(first: string, second: string): readonly string[] {
    const entry = (index: number, key: string) => `  ike-tunnel-${index} {\n    id-1 = a\n    secret = "${key}"\n  }\n`;
    writeFileSync(
      join(folder, 'etc/swanctl/conf.d/tandem-link-keys.conf'),
      `secrets {\n${entry(1, first)}${entry(2, second)}}\n`,
    );
    const said = python(
      `
done = []
wait_until = lambda *_: done.append("closed " + " ".join(sorted(name for name in os.listdir(RUN) if name.startswith("closed"))))
run = lambda command, **_: done.append(" ".join(command[1:4])) or ""
keys_loaded()
done.append("left " + " ".join(sorted(name for name in os.listdir(RUN) if name.startswith("closed"))))
print("RESULT" + json.dumps(done))
`,
      environment(),
    );
    return JSON.parse(/RESULT(.*)/.exec(said)?.[1] ?? '[]') as string[];
  }

  test('a tunnel with another key is made anew once traffic has left it, the other one is let alone', () => {
    expect(loaded('one', 'two')).toEqual(['left ']);
    expect(loaded('one', 'three')).toEqual([
      'closed closed-2',
      '--terminate --ike tunnel-2',
      '--initiate --child tunnel-2',
      'left ',
    ]);
    expect(loaded('one', 'three')).toEqual(['left ']);
  });

  test('two other keys are one tunnel after the other', () => {
    loaded('one', 'two');
    expect(loaded('three', 'four').filter((each) => each.startsWith('closed'))).toEqual([
      'closed closed-1',
      'closed closed-2',
    ]);
  });

  test('what is remembered of keys is readable by root alone', () => {
    loaded('one', 'two');
    expect(statSync(join(folder, 'run/keys.json')).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['serves while it is well', { well: true }, 0, 0],
    ['does not where no tunnel is good', { well: false }, 0, 1],
    ['does not where its prober is silent', { well: true }, 60, 1],
  ])('a gateway %s', (_, state, age, code) => {
    const said = python(
      `note("state.json", json.dumps(dict(json.loads('${JSON.stringify(state)}'), written=time.time() - ${age}))); print("RESULT%d" % health())`,
      environment(),
    );
    expect(said).toContain(`RESULT${code}`);
  });

  test('fails for a verb that there is not, and says which there are', () => {
    expect(() => python('sys.argv = ["link-gateway", "opne"]; main()', environment())).toThrow(
      'say one of close, drain',
    );
  });
});
