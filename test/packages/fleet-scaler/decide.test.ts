import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../../packages/fleet-scaler/src/decide.ts';
import { readState } from '../../../packages/fleet-scaler/src/state.ts';
import type { Forecast, Observation, ScalerSettings, ScalerState } from '../../../packages/fleet-scaler/src/types.ts';
import { draws } from '../../chaos.ts';

const SETTINGS: ScalerSettings = { waitSeconds: 120, bootSeconds: 60, idleSeconds: 60, slots: 1 };
const NOW = 1_793_000_000;
const seen = (change: Partial<Observation> = {}): Observation => ({
  ...{ now: NOW, waiting: 0, running: 0, ended: 0, meanSeconds: 0 },
  ...{ desired: 0, inService: 0, minimum: 0, maximum: 500 },
  ...change,
});

const count = (max: number) => fc.integer({ min: 0, max });
const settings: fc.Arbitrary<ScalerSettings> = fc.record({
  waitSeconds: count(3600),
  bootSeconds: count(600),
  idleSeconds: count(3600),
  slots: fc.integer({ min: 1, max: 16 }),
});
const observation: fc.Arbitrary<Observation> = fc
  .record({
    now: fc.integer({ min: NOW, max: NOW + 7200 }),
    ...{ waiting: count(1e6), running: count(2000), ended: count(1e5) },
    meanSeconds: fc.double({ min: 0, max: 43_200, noNaN: true }),
    ...{ desired: count(600), inService: count(600), minimum: count(50) },
  })
  .map((each) => ({ ...each, maximum: each.minimum + 450 }));
/** What a look may see where a service answers nonsense. */
const nonsense = fc.record(
  Object.fromEntries(
    Object.keys(seen()).map((name) => [
      name,
      fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity, -1, Number.MAX_VALUE)),
    ]),
  ),
) as unknown as fc.Arbitrary<Observation>;

/** The states that observations leave, one after another. */
function after(observations: readonly Observation[], use: ScalerSettings): ScalerState | undefined {
  return observations.reduce<ScalerState | undefined>((state, each) => decide(state, each, use).state, undefined);
}

describe('a decision', () => {
  test('is a whole number from the minimum to the maximum, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 20 }), observation, settings, (before, now, use) => {
        const { desired } = decide(after(before, use), now, use);
        expect(Number.isInteger(desired)).toBe(true);
        expect(desired).toBeGreaterThanOrEqual(now.minimum);
        expect(desired).toBeLessThanOrEqual(now.maximum);
      }),
    );
  });

  test('leaves the capacity and the state as they are where a value is no number', () => {
    const state = after([seen({ waiting: 40, running: 3 })], SETTINGS);
    for (const value of [Number.NaN, Infinity, -1])
      for (const name of Object.keys(seen()).filter((each) => each !== 'desired'))
        expect(decide(state, seen({ desired: 7, [name]: value }), SETTINGS)).toEqual({ state, desired: 7 });
  });

  test('leaves a state of numbers, after nonsense too', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(observation, nonsense), { minLength: 1, maxLength: 20 }), settings, (all, use) => {
        const state = after(all, use);
        if (state !== undefined) expect(readState(JSON.stringify(state))).toEqual(state);
      }),
    );
  });

  test('is never less for more that waits', () => {
    fc.assert(
      fc.property(
        fc.array(observation, { maxLength: 5 }),
        observation,
        count(100_000),
        settings,
        (before, now, more, use) => {
          const state = after(before, use);
          const less = decide(state, now, use).desired;
          expect(decide(state, { ...now, waiting: now.waiting + more }, use).desired).toBeGreaterThanOrEqual(less);
        },
      ),
    );
  });

  test('has an instance for each job that runs, and one for the first that waits', () => {
    fc.assert(
      fc.property(observation, settings, (now, use) => {
        const { desired } = decide(undefined, now, use);
        expect(desired).toBeGreaterThanOrEqual(Math.min(now.maximum, Math.ceil(now.running / use.slots)));
        // Nothing ends that would take it.
        if (now.waiting > 0) expect(decide(undefined, { ...now, ended: 0 }, use).desired).toBeGreaterThan(0);
      }),
    );
  });

  test('counts on jobs that end before the wait is over, and starts nothing for them', () => {
    // Since a moment ago 20 wait; two end in a second.
    const state = after([seen({ running: 200 })], SETTINGS);
    const now = seen({ now: NOW + 15, running: 200, waiting: 20, ended: 1800, meanSeconds: 100 });
    expect(decide(state, now, SETTINGS).desired).toBe(200);
    // One ends in 15 minutes: it is all about new ones, each of which does one before the wait is over, and 45 % of another.
    expect(decide(state, { ...now, ended: 1 }, SETTINGS).desired).toBe(200 + Math.ceil((20 - 105 / 900) / 1.45));
  });
});

describe('an idle instance', () => {
  const need = { now: NOW, running: 50 };
  const idleAfter = (seconds: number, use: ScalerSettings): number =>
    decide(after([seen(need)], use), seen({ now: NOW + seconds }), use).desired;

  test.each([15, 60, 300, 900])('is kept for %d s and no longer', (idleSeconds) => {
    const use = { ...SETTINGS, idleSeconds };
    expect(idleAfter(idleSeconds, use)).toBe(50);
    expect(idleAfter(idleSeconds + 1, use)).toBe(0);
  });

  test('is kept for a sixtieth longer at most, where a need falls slowly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 3600 }), fc.integer({ min: 1, max: 60 }), (idleSeconds, every) => {
        const use = { ...SETTINGS, idleSeconds };
        let state: ScalerState | undefined;
        for (let look = 0; look < 400; look += 1) {
          const now = NOW + look * every;
          const decision = decide(state, seen({ now, running: 400 - look }), use);
          state = decision.state;
          // What ran so long ago is what is kept; before the beginning there was nothing.
          const ago = (seconds: number): number => 400 - Math.max(0, look - Math.floor(seconds / every));
          expect(decision.desired).toBeGreaterThanOrEqual(ago(idleSeconds));
          expect(decision.desired).toBeLessThanOrEqual(ago(idleSeconds * (1 + 1 / 60) + every));
          expect(JSON.stringify(state).length).toBeLessThan(4000);
        }
      }),
      draws(20),
    );
  });
});

describe('the state', () => {
  test('decides the same after it was JSON', () => {
    fc.assert(
      fc.property(fc.array(observation, { minLength: 1, maxLength: 30 }), observation, settings, (before, now, use) => {
        const state = after(before, use);
        expect(decide(readState(JSON.stringify(state)), now, use)).toEqual(decide(state, now, use));
      }),
    );
  });

  test('that is lost leaves what waits no fewer instances', () => {
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 10 }), observation, settings, (before, now, use) => {
        // What was needed earlier, the mean of what ended and the forecast go with it; of what waits now, each needs as much as ever.
        const state = after(before, use);
        const kept = state && { ...state, needs: [], credit: 0 };
        const known = { ...now, ended: Math.max(1, now.ended) };
        expect(decide(undefined, known, use).desired).toBeGreaterThanOrEqual(decide(kept, known, use).desired);
      }),
    );
  });

  test('holds a day and an hour of needs in less than 4 KB', () => {
    const use = { ...SETTINGS, idleSeconds: 3600 };
    let state: ScalerState | undefined;
    for (let now = NOW; now < NOW + 2 * 86_400; now += 15)
      state = decide(
        state,
        seen({ now, running: 12_345 - ((now - NOW) % 3600), waiting: 98_765, maximum: 20_000 }),
        use,
      ).state;
    expect(JSON.stringify(state).length).toBeLessThan(4000);
  });

  const { state: whole } = decide(undefined, seen({ running: 3 }), SETTINGS);
  test.each([
    ['nothing', undefined],
    ['no JSON', '{'],
    ['null', 'null'],
    ['another format', JSON.stringify({ ...whole, format: 'tandem.fleet-scaler-state/1' })],
    ['a need that is none', JSON.stringify({ ...whole, needs: [[1]] })],
    ['no needs', JSON.stringify({ ...whole, needs: undefined })],
    ['a credit that is no number', JSON.stringify({ ...whole, credit: null })],
    ['no day', JSON.stringify({ ...whole, day: undefined })],
    ['a day of words', JSON.stringify({ ...whole, day: { profile: ['1'], level: 1 } })],
  ])('is begun anew where the item holds %s', (_, text) => expect(readState(text)).toBeUndefined());
});

describe('a forecast', () => {
  const HASTY: ScalerSettings = { ...SETTINGS, waitSeconds: 5 };
  /** Desired capacities of a day of looks, at which `load` jobs run, and those without a forecast. */
  function played(load: (at: number) => number, use: ScalerSettings, days: number, forecast?: Forecast) {
    let [state, without]: (ScalerState | undefined)[] = [undefined, undefined];
    const looks: { readonly at: number; readonly desired: number; readonly reactive: number }[] = [];
    for (let at = 0; at < days * 86_400; at += 15) {
      const now = seen({ now: 20_000 * 86_400 + at, running: load(at), ended: 900, meanSeconds: 100 });
      const decision = decide(state, now, use, forecast);
      const reactive = decide(without, now, use, () => undefined);
      state = decision.state;
      without = reactive.state;
      looks.push({ at, desired: decision.desired, reactive: reactive.desired });
    }
    return looks;
  }
  const noon = (at: number): number => (at % 86_400 >= 43_200 && at % 86_400 < 50_400 ? 100 : 20);

  test('of the days before launches ahead of what comes each day', () => {
    const looks = played(noon, HASTY, 3);
    const at = (second: number) => looks[second / 15]?.desired ?? 0;
    expect(at(43_200 - 60)).toBe(20);
    // On the second day the first quarter of an hour is known.
    expect(at(86_400 + 43_200 - 60)).toBeGreaterThan(25);
    expect(at(2 * 86_400 + 43_200 - 60)).toBeGreaterThan(25);
    expect(at(2 * 86_400 + 39_990)).toBe(20);
  });

  test('changes nothing where jobs may wait until an instance has booted', () => {
    const use = { ...SETTINGS, waitSeconds: SETTINGS.bootSeconds };
    for (const { desired, reactive } of played(noon, use, 2, () => 500)) expect(desired).toBe(reactive);
  });

  test('costs at most 3 % more instance time, whatever it says, and never takes an instance away', () => {
    fc.assert(
      fc.property(
        fc.array(count(499), { minLength: 24, maxLength: 24 }),
        fc.array(fc.oneof(count(5000), fc.constant(undefined)), { minLength: 24, maxLength: 24 }),
        (loads, said) => {
          const hour = (at: number): number => Math.floor(at / 3600) % 24;
          const looks = played(
            (at) => loads[hour(at)] ?? 0,
            HASTY,
            1,
            (at) => said[hour(at)],
          );
          for (const { desired, reactive } of looks) expect(desired).toBeGreaterThanOrEqual(reactive);
          const sum = (of: 'desired' | 'reactive') => looks.reduce((all, each) => all + each[of], 0);
          expect(sum('desired')).toBeLessThanOrEqual(1.03 * sum('reactive'));
        },
      ),
      draws(20),
    );
  });
});
