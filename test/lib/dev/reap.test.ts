import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GRACE_HOURS, planReap, type ReapCandidate } from '../../../lib/dev/reap.ts';

const hours = (count: number): number => count * 3_600_000;
const end = new Date('2026-11-28T00:00:00Z');
const warnings = [2880, 120, 30];
type Parts = Partial<Omit<ReapCandidate, 'lease'>> & { readonly lease?: Partial<ReapCandidate['lease']> };
const candidate = (more: Parts = {}): ReapCandidate => ({
  name: 'x',
  stoppedAt: undefined,
  warned: [],
  ...more,
  lease: { owner: 'a@example.org', until: '2026-11-27', state: 'active', protected: false, ...more.lease },
});
const at = (offset: number, each: ReapCandidate = candidate()) =>
  planReap([each], warnings, new Date(end.getTime() + offset))[0]!;

describe('the reaper', () => {
  it.each([
    [-49, 'nothing', undefined],
    [-47, 'warn', 2880],
    [-1.9, 'warn', 120],
    [-0.4, 'warn', 30],
  ])('%d hours before the end: %s', (offset, action, threshold) => {
    expect(at(hours(offset))).toMatchObject({ action, ...(threshold === undefined ? {} : { threshold }) });
  });

  it('warns of each threshold once', () => {
    expect(at(hours(-47), candidate({ warned: [2880] })).action).toBe('nothing');
    expect(at(hours(-1), candidate({ warned: [2880] })).action).toBe('warn');
  });

  it('stops what ended, then waits, then deletes', () => {
    expect(at(hours(1)).action).toBe('stop');
    const stopped = candidate({ lease: { state: 'frozen' }, stoppedAt: new Date(end.getTime() + hours(1)) });
    expect(at(hours(2), stopped).action).toBe('wait');
    expect(at(hours(GRACE_HOURS + 2), stopped).action).toBe('delete');
  });

  it('begins the grace of what its owner froze with the end of the lease', () => {
    const frozen = candidate({ lease: { state: 'frozen' }, stoppedAt: new Date(end.getTime() - hours(500)) });
    expect(at(hours(1), frozen).action).toBe('wait');
    expect(at(hours(GRACE_HOURS + 1), frozen).action).toBe('delete');
  });

  it('stops again what somebody thawed after its end', () => {
    expect(at(hours(500), candidate({ stoppedAt: end })).action).toBe('stop');
  });

  it('never deletes or stops what is protected, runs, or has not ended', () => {
    const any = fc.record({
      offset: fc.integer({ min: -100, max: 1000 }),
      state: fc.constantFrom('active', 'frozen'),
      isProtected: fc.boolean(),
      stoppedBefore: fc.option(fc.integer({ min: 0, max: 1000 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(any, ({ offset, state, isProtected, stoppedBefore }) => {
        const now = end.getTime() + hours(offset);
        const stoppedAt = stoppedBefore === undefined ? undefined : new Date(now - hours(stoppedBefore));
        const { action } = at(hours(offset), candidate({ lease: { state, protected: isProtected }, stoppedAt }));
        if (isProtected || offset < 0) expect(['stop', 'delete']).not.toContain(action);
        if (action === 'delete')
          expect([state, stoppedBefore !== undefined && offset >= GRACE_HOURS]).toEqual(['frozen', true]);
      }),
    );
  });
});
