import { describe, expect, it } from 'vitest';
import type { BackupManifest } from '../../../../lib/private-cloud/backup/manifest.ts';
import { planRestore, unfit } from '../../../../lib/private-cloud/backup/restore.ts';
import { simulateRestore } from '../../../../lib/private-cloud/backup/simulate-restore.ts';

const full = {
  ...{
    id: '20261128T023000Z-full',
    kind: 'full',
    base: null,
    cloud: 'paris',
    endpoint: 'api.paris',
    release: '2026.1',
  },
  database: { version: '10.11.6' },
} as BackupManifest;
const incremental: BackupManifest = { ...full, id: '20261128T063000Z-incremental', kind: 'incremental', base: full.id };

const members = ['control-a-1', 'control-b-1', 'control-c-1'];
const props = {
  chain: [full, incremental],
  members,
  engine: 'docker',
  image: 'mariadb-server:2026.1',
  volume: '/v',
} as const;

describe('planning a restore', () => {
  const steps = planRestore(props);

  it('sends and prepares before it stops, and keeps the data of the others until they copy the new one', () => {
    expect(steps.map(({ key }) => key)).toEqual([
      '1 send',
      '2 prepare',
      '3 stop',
      '4 copy back',
      '5 recover',
      '6 verify',
    ]);
    expect(steps.filter(({ unavailable }) => unavailable.length > 0).map(({ key }) => key)).toEqual([
      '3 stop',
      '4 copy back',
      '5 recover',
    ]);
    expect(steps[3]?.why).toContain('the old data is still on control-b-1, control-c-1');
    const hosts = steps.flatMap(({ actions }) =>
      actions.flatMap((each) =>
        each.kind === 'command' ? [each.command.host] : each.kind === 'send' ? [each.host] : [],
      ),
    );
    expect(new Set(hosts)).toEqual(new Set(['control-a-1']));
    expect(simulateRestore(steps, members)).toBeUndefined();
  });

  it('plans a single member, and says that nothing is left of the old data', () => {
    const alone = planRestore({ ...props, chain: [full], members: ['control-a-1'] });
    expect(simulateRestore(alone, ['control-a-1'])).toBeUndefined();
    expect(alone[3]?.why).toContain('from here on there is only the backup');
  });

  it.each([
    ['3 stop', '4 copy back', 'data would be replaced under a running database'],
    ['2 prepare', '4 copy back', 'data would be deleted before the backup is ready'],
    ['4 copy back', '5 recover', 'a member that was not restored would found the cluster'],
    ['1 send', '2 prepare', 'nothing was sent that could be prepared'],
    ['5 recover', '6 verify', 'a member does not run with the restored data'],
  ])('finds in the simulation that "%s" is missing', (missing, step, problem) => {
    const rest = steps.filter(({ key }) => key !== missing);
    expect(simulateRestore(rest, members)).toEqual({ step, problem });
  });

  it('finds a cluster that is founded while the old one runs', () => {
    const again = steps.flatMap((step) => (step.key === '5 recover' ? [step, step] : [step]));
    expect(simulateRestore(again, members)).toEqual({
      step: '5 recover',
      problem: 'a member of the old cluster runs still',
    });
  });
});

describe('a backup for a cloud', () => {
  const facts = { cloud: 'paris', endpoint: 'api.paris', release: '2026.1', version: '10.11.9' };

  it('fits where cloud, release and series of MariaDB are the same', () => {
    expect(unfit([full, incremental], facts)).toBeUndefined();
  });

  it.each([
    [{ cloud: 'lyon' }, 'it is of cloud paris at api.paris, and this is lyon at api.paris'],
    [{ endpoint: 'api.test' }, 'it is of cloud paris at api.paris, and this is paris at api.test'],
    [{ release: '2026.2' }, 'the services of this cloud are 2026.2'],
    [{ version: '11.4.2' }, 'it was taken by MariaDB 10.11.6, and 11.4.2 cannot prepare it'],
  ])('fails to fit %j', (difference, why) => {
    expect(unfit([full], { ...facts, ...difference })).toContain(why);
  });
});
