import { describe, expect, it } from 'vitest';
import { effectOf } from '../../../../lib/private-cloud/failure/effect.ts';
import { failureInputs, parseOff } from '../../../../lib/private-cloud/failure/inputs.ts';
import { chooseCloud } from '../../../../lib/private-cloud/topology/choose-cloud.ts';
import { paris, project } from './clouds.ts';

const entity = chooseCloud(project, 'paris');
const inputs = failureInputs(project, entity);

describe('the cloud that is meant', () => {
  it('is the named one, else the default of the organisation', () => {
    expect([chooseCloud(project, undefined).name, entity.name]).toEqual(['lab', 'paris']);
  });

  it('fails for a name that is none, and lists those that are', () => {
    expect(() => chooseCloud(project, 'rome')).toThrow(/no cloud "rome"/);
  });
});

describe('what is off', () => {
  it('is named with or without its kind', () => {
    expect(parseOff(inputs.model, 'rack/b, queue-a-1,feed-1')).toEqual([
      { kind: 'rack', name: 'b' },
      { kind: 'host', name: 'queue-a-1' },
      { kind: 'power', name: 'feed-1' },
    ]);
  });

  it('fails for what is not there, with the nearest name that is, and for nothing at all', () => {
    expect(() => parseOff(inputs.model, 'queue-a-9')).toThrow(
      expect.objectContaining({ code: 'no-such-part', next: 'did you mean queue-a-1?' }),
    );
    expect(() => parseOff(inputs.model, '')).toThrow(expect.objectContaining({ code: 'no-such-part' }));
  });

  it('fails for a name that two things have, and says how to write either', () => {
    const { a: rack, ...others } = paris.racks;
    if (rack === undefined) throw new Error('paris has a rack a');
    const racks = { ...others, a: rack, 'queue-a-1': { powerFeeds: [], switches: [] } };
    const twice = failureInputs(project, { ...entity, value: { ...paris, racks } });
    expect(() => parseOff(twice.model, 'queue-a-1')).toThrow(
      expect.objectContaining({ code: 'ambiguous-part', next: 'write rack/queue-a-1' }),
    );
  });
});

describe('servers that find no host', () => {
  it('are said not to fit only where no placement whatever could do', () => {
    const small = { vcpus: 2, memoryGiB: 40, diskGiB: 640, reservedMemoryGiB: 8 };
    const value = { ...paris, hardware: { ...paris.hardware, compute: small } };
    const cramped = failureInputs(
      { ...project, clouds: new Map([['paris', { ...entity, value }]]) },
      { ...entity, value },
    );
    const effect = effectOf(cramped, parseOff(cramped.model, 'compute-b-1,compute-b-2,compute-b-3,compute-b-4'));
    const stranded = effect.servers.unplaced.filter(({ why }) => why !== 'zone');
    expect(stranded.length).toBeGreaterThan(0);
    expect(new Set(stranded.map(({ verdict }) => verdict))).toEqual(new Set(['does not fit']));
    const { bound: _, ...unproven } = cramped;
    const without = effectOf(unproven, effect.failure).servers.unplaced.filter(({ why }) => why !== 'zone');
    expect(new Set(without.map(({ verdict }) => verdict))).toEqual(new Set(['not proven']));
  });
});
