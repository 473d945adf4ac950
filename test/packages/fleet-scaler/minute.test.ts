import { beforeEach, describe, expect, test } from 'vitest';
import { lookForAMinute } from '../../../packages/fleet-scaler/src/minute.ts';
import type { Ports } from '../../../packages/fleet-scaler/src/ports.ts';
import { readSettings } from '../../../packages/fleet-scaler/src/settings.ts';
import type { ScalerState } from '../../../packages/fleet-scaler/src/types.ts';

const SETTINGS = { waitSeconds: 120, bootSeconds: 60, idleSeconds: 60, slots: 1 };
const AT = 1_793_000_000;

let calls: string[];
let desired: number;
let written: { state: ScalerState; now: number } | undefined;
let failing: Set<string>;
let looks: number;

/** A fleet of which 30 jobs wait; time passes by sleeping only. */
const ports: Ports = {
  jobs: () => answer('jobs', { waiting: 30, running: 0 }),
  pace: (now) => answer(`pace ${now - AT}`, { ended: 0, meanSeconds: 0 }),
  sizes: () => answer('sizes', { desired, inService: 0, minimum: 0, maximum: 20 }),
  setDesired: (to) => answer(`set ${to}`, undefined).then(() => void (desired = to)),
  readState: () => answer('read', undefined),
  writeState: (state, now) => answer('write', undefined).then(() => void (written = { state, now })),
  sleep: (milliseconds) => answer(`sleep ${Math.round(milliseconds / 1000)}`, undefined),
  log: (level, message) => void calls.push(`${level}: ${message}`),
};

function answer<T>(name: string, value: T): Promise<T> {
  if (name === 'jobs') looks += 1;
  calls.push(name);
  const fails = failing.has(name) || failing.has(`${name} of look ${looks}`);
  return fails ? Promise.reject(new Error(`${name} is throttled`)) : Promise.resolve(value);
}

const count = (name: string): number => calls.filter((each) => each === name).length;

beforeEach(() => {
  [calls, desired, written, failing, looks] = [[], 0, undefined, new Set(), 0];
});

describe('a minute', () => {
  test('has four looks 15 s apart, and reads metrics and state once', async () => {
    await lookForAMinute(ports, SETTINGS, AT);
    expect([count('jobs'), count('sizes'), count('sleep 15')]).toEqual([4, 4, 3]);
    expect(calls.filter((each) => /^(?:pace|read|write)/.test(each))).toEqual(['pace 0', 'read', 'write']);
    expect(written?.now).toBe(AT + 45);
  });

  test('sets the capacity where it is another, and only there', async () => {
    await lookForAMinute(ports, SETTINGS, AT);
    expect(calls.filter((each) => each.startsWith('set'))).toEqual(['set 20']);
    expect(calls).toContain('info: capacity set');
  });

  test.each(['jobs', 'sizes', 'pace 0', 'read', 'set 20'])(
    'leaves out a look of which a call fails: %s',
    async (name) => {
      failing.add(`${name} of look 1`);
      await lookForAMinute(ports, SETTINGS, AT);
      expect(count('warn: look left out')).toBe(1);
      expect([count('jobs'), desired]).toEqual([4, 20]);
      expect(written).toBeDefined();
    },
  );

  test('fails where each look did, and writes no state over one that it could not read', async () => {
    failing.add('read');
    await expect(lookForAMinute(ports, SETTINGS, AT)).rejects.toThrow(
      'all 4 looks of this minute failed; the last one: Error: read is throttled',
    );
    expect([desired, written]).toEqual([0, undefined]);
  });

  test('is good where only its state could not be written', async () => {
    failing.add('write');
    await lookForAMinute(ports, SETTINGS, AT);
    expect(calls).toContain('warn: state not written');
    expect(desired).toBe(20);
  });
});

describe('settings', () => {
  const environment = {
    ...{ TANDEM_QUEUE_URLS: 'https://a https://b', TANDEM_GROUP: 'g', TANDEM_TABLE: 't', TANDEM_NAMESPACE: 'n' },
    ...{ TANDEM_WAIT_SECONDS: '120', TANDEM_BOOT_SECONDS: '60', TANDEM_IDLE_SECONDS: '60', TANDEM_SLOTS: '2' },
  };
  test('are of the environment', () => {
    expect(readSettings(environment)).toMatchObject({
      queueUrls: ['https://a', 'https://b'],
      waitSeconds: 120,
      slots: 2,
    });
  });
  test.each(Object.keys(environment))('fail without %s', (name) => {
    expect(() => readSettings({ ...environment, [name]: undefined })).toThrow(`${name} is not set`);
  });
  test.each(['', '-1', '1.5', 'many'])('fail with "%s" seconds', (value) => {
    expect(() => readSettings({ ...environment, TANDEM_WAIT_SECONDS: value })).toThrow('TANDEM_WAIT_SECONDS');
  });
});
