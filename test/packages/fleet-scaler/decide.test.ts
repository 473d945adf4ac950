import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../../packages/fleet-scaler/src/decide.ts';
import { readState } from '../../../packages/fleet-scaler/src/state.ts';
import type { Observation, ScalerSettings, ScalerState } from '../../../packages/fleet-scaler/src/types.ts';

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
      { numRuns: 20 },
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
        // What was needed earlier and the mean of what ended go with it; of what waits now, each needs as much as ever.
        const state = after(before, use);
        const kept = state && { ...state, needs: [] };
        const known = { ...now, ended: Math.max(1, now.ended) };
        expect(decide(undefined, known, use).desired).toBeGreaterThanOrEqual(decide(kept, known, use).desired);
      }),
    );
  });

  test.each([
    ['nothing', undefined],
    ['no JSON', '{'],
    ['null', 'null'],
    ['another format', '{"format":"tandem.fleet-scaler-state/2","emptyAt":1,"meanSeconds":1,"needs":[]}'],
    ['a need that is none', '{"format":"tandem.fleet-scaler-state/1","emptyAt":1,"meanSeconds":1,"needs":[[1]]}'],
    ['no needs', '{"format":"tandem.fleet-scaler-state/1","emptyAt":1,"meanSeconds":1}'],
  ])('is begun anew where the item holds %s', (_, text) => expect(readState(text)).toBeUndefined());
});
