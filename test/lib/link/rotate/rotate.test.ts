import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryFiles } from '../../../../lib/config/files.ts';
import { loadProject } from '../../../../lib/config/load.ts';
import { TandemError } from '../../../../lib/errors/tandem-error.ts';
import { chooseLink } from '../../../../lib/link/choose.ts';
import { rotateKeys, tunnelsToRotate } from '../../../../lib/link/rotate/rotate.ts';
import { localJournal } from '../../../../lib/state/local-journal.ts';
import { localLocks } from '../../../../lib/state/local-locks.ts';
import { LINK } from '../../config/broken/links.ts';
import { minimal } from '../../config/minimal.ts';
import { carries, Killed, MemoryLink } from './memory-link.ts';

const { project } = loadProject(memoryFiles({ ...minimal(), 'config/links/main.yaml': LINK }));
if (project === undefined) throw new Error('the project has problems');
const chosen = chooseLink(project);
const IDS = ['1-1', '1-2', '2-1', '2-2'];

let root: string;
let link: MemoryLink;
let steps: string[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-rotate-'));
  link = new MemoryLink();
  steps = [];
});
afterEach(() => rmSync(root, { recursive: true }));

const rotate = (tunnel?: string): Promise<void> =>
  rotateKeys(
    {
      ...{ ...link.ports(), journal: localJournal(root), locks: localLocks(root) },
      ...{ actor: { by: 'ops@here', host: 'here' }, commit: '', now: () => new Date() },
      onStep: (text) => void steps.push(text),
    },
    chosen,
    tunnelsToRotate(chosen, tunnel),
    { signal: new AbortController().signal, emit: () => undefined },
  );

/** Each of these has one new key everywhere, the others their old one, and nothing is left over. */
function expectNew(ids: readonly string[]): void {
  for (const id of IDS) {
    const tunnel = link.of(id);
    expect([id, carries(tunnel), tunnel.aws.startsWith('old-')]).toEqual([id, true, !ids.includes(id)]);
    expect([link.keyOf(id), link.published.get(`link/main/tunnel-${id}`)]).toEqual([tunnel.aws, tunnel.aws]);
  }
  expect(link.secrets.values.size).toBe(4);
  expect(new Set(link.secrets.values.values()).size).toBe(4);
}

describe('rotation of the keys of a link', () => {
  it('gives each tunnel a new key, and no other is touched before it carries again', async () => {
    await rotate();
    expectNew(IDS);
    expect(link.mostDown).toBe(1);
    expect(steps.filter((each) => each.startsWith('tunnel 1-2'))).toEqual([
      'tunnel 1-2: new key',
      'tunnel 1-2: drained',
      'tunnel 1-2: AWS has the new key',
      'tunnel 1-2: the new key is the current one',
      'tunnel 1-2: the gateway has the new key',
      'tunnel 1-2: carries again',
      'tunnel 1-2: finished',
    ]);
    expect(steps.map((each) => each.slice(7, 10))).toEqual(IDS.flatMap((id) => Array<string>(7).fill(id)));
    expect(await localJournal(root).open()).toEqual([]);
  });

  it('gives one tunnel a new key', async () => {
    await rotate('1-2');
    expectNew(['1-2']);
    expect(() => tunnelsToRotate(chosen, '3-1')).toThrow('there is no tunnel "3-1"');
  });

  it('tells no key to the journal or to whoever watches', async () => {
    await rotate();
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    const written = files.map((each) => readFileSync(join(each.parentPath, each.name), 'utf8')).join('\n');
    expect(written).toContain('tunnel 1-1: carries again');
    for (const id of IDS) expect(`${written}${steps.join()}`).not.toContain(link.keyOf(id) ?? '');
  });

  it('killed at every effect and resumed, ends with new keys everywhere, and never has two tunnels down', async () => {
    await rotate();
    const effects = link.effects.length;
    expect(effects).toBeGreaterThan(30);
    for (let at = 0; at < effects; at += 1)
      for (const happens of [false, true]) {
        rmSync(root, { recursive: true });
        link = new MemoryLink();
        link.killAt = { at, happens };
        await expect(rotate(), `effect ${at}`).rejects.toThrow(Killed);
        link.restart();
        await rotate();
        expectNew(IDS);
        expect([at, happens, link.mostDown]).toEqual([at, happens, 1]);
        expect(await localJournal(root).open()).toEqual([]);
      }
  });

  it('killed again and again, ends all the same', async () => {
    link.killAt = { at: 3, happens: true };
    let kills = 0;
    for (let isDone = false; !isDone; ) {
      try {
        await rotate();
        isDone = true;
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        kills += 1;
        expect(kills).toBeLessThan(50);
        link.restart();
        link.killAt = { at: 5 + (kills % 4), happens: kills % 2 === 0 };
      }
    }
    expect(kills).toBeGreaterThan(3);
    expectNew(IDS);
    expect(link.mostDown).toBe(1);
  });

  it('fails before it touches anything where another tunnel is down, or somebody does not answer', async () => {
    link.of('2-1').isClosed = true;
    await expect(rotate('1-2')).rejects.toMatchObject({
      code: 'link-not-well',
      message: expect.stringContaining('tunnel 2-1: it is closed') as string,
    });
    expect(link.effects).toEqual([]);
    // Its own state is no reason: another key may be what mends it.
    await rotate('2-1');
    expectNew(['2-1']);
  });

  it('fails with the tunnel carrying as before where AWS refuses, says how to go on, and does', async () => {
    const refusal = new TandemError({ code: 'aws-denied', message: 'not allowed', next: 'let the role do it' });
    link.refuse = (effect) => (effect.startsWith('change') ? refusal : undefined);
    await expect(rotate()).rejects.toMatchObject({
      code: 'aws-denied',
      next: expect.stringMatching(/^let the role do it; then `tandem link rotate main` continues/) as string,
    });
    expect(IDS.filter((id) => carries(link.of(id)))).toEqual(IDS);
    await expect(rotate('2-2')).rejects.toMatchObject({
      code: 'link-rotation-unfinished',
      next: 'finish it: `tandem link rotate main`',
    });
    link.refuse = undefined;
    await rotate();
    expectNew(IDS);
  });

  it('fails with the other tunnels as they were where the gateway does not take its key', async () => {
    const stubborn = link.ports();
    link.ports = () => ({
      ...stubborn,
      shell: {
        run: (gateway, command) =>
          command[0] === 'systemctl'
            ? Promise.resolve({ code: 1, stdout: '', stderr: 'no' })
            : stubborn.shell.run(gateway, command),
      },
    });
    await expect(rotate('1-1')).rejects.toMatchObject({
      code: 'link-rotation-stuck',
      message: expect.stringContaining('link-main-gateway-1 did not take it') as string,
      next: expect.stringContaining('`tandem link rotate main --tunnel 1-1` continues') as string,
    });
    expect(IDS.filter((id) => carries(link.of(id)))).toEqual(['1-2', '2-1', '2-2']);
    link.ports = () => stubborn;
    await rotate('1-1');
    expectNew(['1-1']);
    expect(link.mostDown).toBe(1);
  });
});
