import { describe, expect, it } from 'vitest';
import { dependencyStamp, stampOf } from '../../scripts/stamp.mjs';

const linux = { platform: 'linux', arch: 'x64' };

describe('stamps', () => {
  it('is the same for the same sources', () => {
    expect(dependencyStamp('lock', linux)).toBe(dependencyStamp(Buffer.from('lock'), linux));
  });

  it('changes with the lock file', () => {
    expect(dependencyStamp('lock', linux)).not.toBe(dependencyStamp('lock ', linux));
  });

  it("changes with the machine, whose binaries are not another's", () => {
    expect(dependencyStamp('lock', { ...linux, arch: 'arm64' })).not.toBe(dependencyStamp('lock', linux));
  });

  it('tells apart parts that read the same when joined', () => {
    expect(stampOf(['ab', 'c'])).not.toBe(stampOf(['a', 'bc']));
  });
});
