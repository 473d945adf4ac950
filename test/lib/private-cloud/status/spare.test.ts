import { describe, expect, it } from 'vitest';
import { type LiveHost, type LiveServer, livePlacement, spareOf } from '../../../../lib/private-cloud/status/spare.ts';

const host = (name: string, memoryMiB: number, zone = 'a'): LiveHost => ({
  ...{ name, zone, memoryMiB, vcpus: 64, diskGiB: 1000 },
});
const server = (name: string, on: string, memoryMiB: number, group?: string): LiveServer => ({
  ...{ id: name, name, host: on, zone: 'a', memoryMiB, vcpus: 1, diskGiB: 1, group },
});

describe('servers where they stand', () => {
  it('may lose a host whose servers fit on what is left on others', () => {
    const servers = [server('x', 'one', 4096), server('y', 'two', 4096)];
    expect(spareOf({ hosts: [host('one', 4096), host('two', 4096)], servers })).toEqual({ servers: 2, lacks: [] });
  });

  it('may not lose one whose servers do not fit, in sum or in one piece', () => {
    const servers = [server('x', 'one', 4096), server('y', 'two', 2048)];
    const { lacks } = spareOf({ hosts: [host('one', 2048), host('two', 2048), host('three', 2048)], servers });
    expect(lacks).toEqual([{ host: 'one', why: '1 server would find no host, x first' }]);
  });

  it('may not lose one whose servers are kept apart from those of every other', () => {
    const servers = [server('x', 'one', 1, 'g'), server('y', 'two', 1, 'g')];
    const { lacks } = spareOf({ hosts: [host('one', 99), host('two', 99)], servers });
    expect(lacks.map((each) => each.host)).toEqual(['one', 'two']);
  });

  it('never leave for another zone, nor for a host that takes none', () => {
    const servers = [server('x', 'one', 1), server('y', 'disabled', 1)];
    const placement = livePlacement({ hosts: [host('one', 99), host('far', 99, 'b')], servers });
    expect(placement.hosts.map(({ name, zone, memoryMiB }) => [name, zone, memoryMiB])).toEqual([
      ['one', 'a', 100],
      ['far', 'b', 99],
      ['disabled', 'a', 1],
    ]);
    expect(spareOf({ hosts: [host('one', 99), host('far', 99, 'b')], servers }).lacks).toEqual([
      { host: 'one', why: '1 server would find no host, x first' },
    ]);
  });
});
