import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HA_CLOUD_FILE, haDown, haStatus, haUp, openDrillTarget } from '../../../lab/ha/index.ts';
import { type DrillRun, runDrills } from '../../../lib/cloud-operations/drill/run-drills.ts';
import { DRILL_NAMES, type DrillName } from '../../../lib/private-cloud/drill/drills.ts';
import { SHIPPED_TIMERS } from '../../../lib/private-cloud/topology/timers.ts';

// Not the folder of `lab up --ha`: a lab that somebody else started is not this test's to break.
const directory = process.env['TANDEM_HA_DIRECTORY'] ?? '/var/lib/tandem-lab-ha-test';
const folder = mkdtempSync(join(tmpdir(), 'tandem-drill-'));
const say = (what: string): void => void process.stderr.write(`${what}\n`);
const MAIN = join(import.meta.dirname, '../../../lib/cli/main.ts');
/** Whatever the machine: an hour of waiting is no failover any more. */
const SANE_SECONDS = 120;

const up = async (): Promise<void> => {
  await haUp({
    directory,
    timers: SHIPPED_TIMERS,
    onProgress: ({ phase, message, seconds }) => say(`${seconds.toFixed(1)} s ${phase}: ${message}`),
  });
};

beforeAll(async () => {
  // Whatever an earlier run left, and the proof that it can be cleared away.
  await haDown({ directory, keepPackages: true });
  await up();
}, 1_800_000);

afterAll(async () => {
  await haDown({ directory, keepPackages: true });
  rmSync(folder, { recursive: true, force: true });
});

/** What the lab has on the machine: its processes, known by what they have mounted, and mounts and interfaces outside its namespaces. */
function traces(): readonly string[] {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/mountinfo`).includes(`${directory}/log /var/log/lab`))
    .map((pid) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' '));
  const mounts = read('/proc/self/mountinfo')
    .split('\n')
    .filter((line) => line.includes(`${directory}/`));
  const links = readdirSync('/sys/class/net').filter((name) => name === 'rack' || name.startsWith('p-'));
  return [...processes, ...mounts, ...links];
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

async function gone(): Promise<readonly string[]> {
  for (let tries = 0; tries < 50 && traces().length > 0; tries += 1) await sleep(100);
  return traces();
}

describe('three controllers', () => {
  it('have every service on each', async () => {
    const { state, services } = await haStatus({ directory });
    expect(services.filter(({ healthy }) => !healthy)).toEqual([]);
    expect(services).toHaveLength(21);
    expect(state).toBe('running');
  });

  it('leave the machine’s own network as it is', () => {
    expect(readdirSync('/sys/class/net').filter((name) => name === 'rack' || name.startsWith('p-'))).toEqual([]);
    expect(readFileSync('/proc/net/fib_trie', 'utf8')).not.toContain('10.66.0.10\n');
  });
});

describe('drills', () => {
  it.each(DRILL_NAMES)(
    '%s: nothing is lost, no minority accepts, what was predicted falls, all comes back',
    async (name: DrillName) => {
      const run: DrillRun = await runDrills({
        ...{ drills: [name], folder, at: new Date(), say, cloudFile: HA_CLOUD_FILE },
        target: await openDrillTarget({ directory }),
      });
      say(readFileSync(run.markdown, 'utf8').split('## What this')[0] ?? '');
      const [drill] = run.report.drills;
      expect(drill?.faults).toEqual([]);
      expect(drill?.readBack['sql']?.acknowledged).toBeGreaterThan(20);
      const late = drill?.outages.filter(({ back }) => (back ?? 0) > SANE_SECONDS);
      expect(late).toEqual([]);
    },
  );
});

describe('killed in the middle', () => {
  const tandem = (...args: readonly string[]) =>
    spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });

  /** Starts a command, and kills it once it said something. */
  async function killAt(words: RegExp, ...args: readonly string[]): Promise<void> {
    const child = tandem(...args);
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (words.test(said)) child.kill('SIGKILL');
    });
    await once(child, 'close');
    expect(said).toMatch(words);
    expect(child.signalCode).toBe('SIGKILL');
  }

  it('a drill leaves nothing that `down` does not clear away', async () => {
    await killAt(/loses its power/, 'cloud', 'drill', '--drill', 'holder-off', '--directory', directory);
    expect(traces()).not.toEqual([]);
    await haDown({ directory, keepPackages: true });
    expect(await gone()).toEqual([]);
  });

  it('an `up` leaves nothing that `down` does not clear away', async () => {
    await killAt(/services: waiting/, 'lab', 'up', '--ha', '--directory', directory);
    expect(traces()).not.toEqual([]);
    const { kept } = await haDown({ directory, keepPackages: true });
    expect(await gone()).toEqual([]);
    expect(
      readdirSync(directory)
        .map((name) => join(directory, name))
        .sort(),
    ).toEqual([...kept].sort());
    expect(existsSync(join(directory, 'run'))).toBe(false);
    expect(existsSync('/run/netns/control-a-1')).toBe(false);
  });
});
