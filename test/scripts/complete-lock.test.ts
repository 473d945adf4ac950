import { describe, expect, it } from 'vitest';
import { missingPlatforms, platformOf } from '../../scripts/complete-lock.mjs';

const wanting = {
  'node_modules/tool': {
    dev: true,
    optionalDependencies: { '@tool/linux-x64': '1.0.0', '@tool/darwin-arm64': '1.0.0' },
  },
  'node_modules/@tool/linux-x64': { version: '1.0.0' },
};

describe('missingPlatforms', () => {
  it('adds the platforms that the lock file lacks, with what npm needs to skip them', () => {
    expect(missingPlatforms(wanting)).toEqual({
      'node_modules/@tool/darwin-arm64': {
        version: '1.0.0',
        cpu: ['arm64'],
        os: ['darwin'],
        dev: true,
        optional: true,
      },
    });
  });

  it('adds nothing to a complete lock file', () => {
    expect(missingPlatforms({ ...wanting, ...missingPlatforms(wanting) })).toEqual({});
  });

  it('leaves alone what is not one version, or names no platform', () => {
    const optionalDependencies = { '@tool/win32-x64': '^1.0.0', fsevents: '2.3.3' };
    expect(missingPlatforms({ 'node_modules/tool': { optionalDependencies } })).toEqual({});
  });
});

describe('platformOf', () => {
  it.each([
    ['@x/cli-linux-x64', { cpu: ['x64'], libc: ['glibc'], os: ['linux'] }],
    ['@x/cli-linux-arm64-musl', { cpu: ['arm64'], libc: ['musl'], os: ['linux'] }],
    ['@x/binding-linux-arm-musleabihf', { cpu: ['arm'], libc: ['musl'], os: ['linux'] }],
    ['@x/binding-win32-x64-msvc', { cpu: ['x64'], os: ['win32'] }],
    ['left-pad', undefined],
  ])('reads %s', (name, platform) => {
    expect(platformOf(name)).toEqual(platform);
  });
});
