import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Engine } from '../../../lib/engines/engine.ts';
import type { OwnMark } from '../../../lib/engines/lineage.ts';
import type { SynthesizedStack } from '../../../lib/stack/synthesized.ts';

export interface MarkedRealm {
  readonly engine: Pick<Engine, 'lineageOf' | 'mark' | 'unmark'>;
  readonly stack: SynthesizedStack;
  /** Makes the stack, marked by a lineage from its beginning where the cloud marks at the creation. */
  make(own: OwnMark): Promise<void>;
}

const own = (by: string): OwnMark => ({
  ...{ lineage: randomUUID(), by: `${by}@example` },
  ...{ at: '2026-11-28T05:40:00.000Z', place: `local files in /home/${by}/.tandem` },
});

/** What every cloud's marks must do. */
export function marksContract(open: () => Promise<MarkedRealm>): void {
  const signal = new AbortController().signal;

  test('whoever made a stack is told, and stays until somebody takes it over', async () => {
    const realm = await open();
    const { engine, stack } = realm;
    const [kim, lee] = [own('kim'), own('lee')];
    expect(await engine.lineageOf?.(stack, signal)).toBeUndefined();
    await engine.mark?.(stack, kim, { signal });
    await realm.make(kim);
    await engine.mark?.(stack, kim, { signal });
    expect(await engine.lineageOf?.(stack, signal)).toMatchObject({ ...kim, isProvisional: false });
    // Another only learns whose it is.
    expect(await engine.mark?.(stack, lee, { signal })).toMatchObject({ lineage: kim.lineage });
    const found = await engine.lineageOf?.(stack, signal);
    expect(found?.lineage).toBe(kim.lineage);
    // A mark that is no longer there is not taken over.
    const stale = found === undefined ? undefined : { ...found, lineage: randomUUID() };
    if (stale !== undefined)
      expect(await engine.mark?.(stack, lee, { signal, instead: stale })).toMatchObject({ lineage: kim.lineage });
    if (found !== undefined) await engine.mark?.(stack, lee, { signal, instead: found });
    expect(await engine.lineageOf?.(stack, signal)).toMatchObject(lee);
  });

  test('fails all but one of those who mark a new stack at the same time', async () => {
    const realm = await open();
    const { engine, stack } = realm;
    const rivals = ['kim', 'lee', 'max', 'ned'].map(own);
    const marks = await Promise.all(rivals.map(async (each) => await engine.mark?.(stack, each, { signal })));
    // Where nothing is marked before the stack is made, making it is what only one can do.
    if (marks.every((each) => each === undefined)) return;
    const [first] = rivals;
    const winner = (await engine.lineageOf?.(stack, signal))?.lineage;
    expect(marks.map((mark) => mark?.lineage)).toEqual(rivals.map(() => winner));
    if (first !== undefined) await realm.make(first);
    await engine.unmark?.(stack, signal);
  });
}
