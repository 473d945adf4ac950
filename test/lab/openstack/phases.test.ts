import { describe, expect, it } from 'vitest';
import { BringUp } from '../../../lab/openstack/bring-up.ts';
import { planHypervisors } from '../../../lab/openstack/hypervisors.ts';
import { labLayout } from '../../../lab/openstack/layout.ts';
import { type Phase, planWaves, runPhases } from '../../../lab/openstack/phases.ts';

const quiet = { started: (): void => undefined, failed: (): void => undefined, finished: (): void => undefined };
const never = new AbortController().signal;

const phase = (
  name: string,
  after: readonly string[],
  run: Phase['run'] = async () => await Promise.resolve(name),
): Phase => ({
  name,
  after,
  run,
});

describe('planWaves', () => {
  it('puts a phase behind all that it needs', () => {
    expect(planWaves([phase('c', ['a', 'b']), phase('a', []), phase('b', ['a'])])).toEqual([['a'], ['b'], ['c']]);
  });

  it('fails for an unknown dependency', () => {
    expect(() => planWaves([phase('a', ['x'])])).toThrow(/depends on x/);
  });

  it('fails for a cycle', () => {
    expect(() => planWaves([phase('a', ['b']), phase('b', ['a'])])).toThrow(/cycle/);
  });

  it('accepts the plan of the lab, builds beside packages and checks every service', () => {
    const waves = planWaves(new BringUp(labLayout('/lab'), planHypervisors(2)).phases());
    expect(waves[0]).toEqual(['packages', 'provider']);
    expect(waves.flat()).toEqual(
      expect.arrayContaining(['keystone', 'glance', 'placement', 'nova', 'neutron', 'cinder', 'octavia', 'designate']),
    );
  });
});

describe('runPhases', () => {
  it('starts a phase only when the earlier ones are finished', async () => {
    const order: string[] = [];
    const note = (name: string) => async (): Promise<undefined> => {
      await Promise.resolve();
      order.push(name);
      return undefined;
    };
    await runPhases([phase('late', ['early'], note('late')), phase('early', [], note('early'))], quiet, never);
    expect(order).toEqual(['early', 'late']);
  });

  it('fails with the first failure, ends what runs and starts nothing more', async () => {
    let ended = false;
    let started = false;
    const phases = [
      phase('broken', [], async () => await Promise.reject(new Error('no space'))),
      phase('long', [], async (signal) => {
        await new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            resolve();
          });
        });
        ended = true;
        return undefined;
      }),
      phase('later', ['broken'], async () => {
        started = true;
        return await Promise.resolve('done');
      }),
    ];
    await expect(runPhases(phases, quiet, never)).rejects.toThrow('no space');
    expect({ ended, started }).toEqual({ ended: true, started: false });
  });

  it('fails when it is aborted from outside', async () => {
    const control = new AbortController();
    const work = runPhases(
      [
        phase('a', [], async () => {
          control.abort(new Error('enough'));
          return await Promise.resolve('done');
        }),
      ],
      quiet,
      control.signal,
    );
    await expect(work).rejects.toThrow('enough');
  });
});
