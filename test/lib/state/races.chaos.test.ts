import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sample } from '../../chaos.ts';

const PROCESSES = 4;
const ROUNDS = 4;

/** Gives the exit code, or what killed it with its last words. */
async function race(root: string, ending: string): Promise<string> {
  const child = join(import.meta.dirname, 'race.child.ts');
  const args = ['--disable-warning=ExperimentalWarning', child, root, String(ROUNDS), ending];
  const racer = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const words: string[] = [];
  racer.stderr.setEncoding('utf8').on('data', (text: string) => words.push(text));
  const [code, signal] = (await once(racer, 'close')) as [number | null, string | null];
  return `${code ?? signal ?? ''}${words.join('')}`;
}

const repetitions = Array.from({ length: 15 }, (_, index) => index + 1);

test.each(sample(repetitions, 1))(
  'several processes and one lock: never two holders, whoever is killed while holding it (%i)',
  async () => {
    const root = mkdtempSync(join(tmpdir(), 'tandem-races-'));
    writeFileSync(join(root, 'counter'), '0');
    const endings = Array.from({ length: PROCESSES }, (_, index) => (index % 2 === 0 ? 'killed' : 'released'));
    const outcomes = await Promise.all(endings.map((ending) => race(root, ending)));
    expect(outcomes).toEqual(endings.map((ending) => (ending === 'killed' ? 'SIGKILL' : '0')));
    expect(readFileSync(join(root, 'counter'), 'utf8')).toBe(String(PROCESSES * ROUNDS));
    rmSync(root, { recursive: true });
  },
);
