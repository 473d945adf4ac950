import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasPython, python } from './gateway.ts';

/** What charon says, in its order, by its number of the tunnel; what becomes of the interface after each. */
function interfaceAfter(...said: readonly (readonly [number, 'up-client' | 'down-client'])[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'link-updown-'));
  const code = `
became = []
def run(command, **_):
    became.append(command[-1])
    return ""
for number, verb in ${JSON.stringify(said)}:
    os.environ["PLUTO_UNIQUEID"] = str(number)
    updown(verb, "tun1")
print(json.dumps(became))`;
  try {
    return JSON.parse(python(code, { TANDEM_LINK_RUN: folder })) as string[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(!hasPython)('the interface of a tunnel', () => {
  it('follows its tunnel, whose number grows with each new key', () => {
    expect(interfaceAfter([1, 'up-client'], [1, 'down-client'])).toEqual(['up', 'down']);
    expect(interfaceAfter([2, 'up-client'], [5, 'down-client'])).toEqual(['up', 'down']);
  });

  it('stays up where an older tunnel is given up after the next one is there', () => {
    expect(interfaceAfter([1, 'up-client'], [2, 'up-client'], [1, 'down-client'])).toEqual(['up', 'up']);
  });

  it('follows a strongSwan that began anew, and counts from one', () => {
    expect(interfaceAfter([7, 'up-client'], [1, 'up-client'], [1, 'down-client'])).toEqual(['up', 'up', 'down']);
  });
});
