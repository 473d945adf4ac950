import { describe, expect, it } from 'vitest';
import { rubyService } from '../../../lib/components/ruby-service/component.ts';
import { brokenPlaceholders, file, findings } from './rendering.ts';
import { tierInputs } from './tier-inputs.ts';

const RELEASE = 'https://artefacts.example.org/profiles.tar.gz';
const SETTINGS = {
  release: RELEASE,
  sha256: 'ab'.repeat(32),
  environment: { STORE: { of: { tier: 'mongo' }, port: 27_017 }, LANGUAGE: 'en' },
};

describe('ruby-service', () => {
  it('lists the servers of a tier in the environment', () => {
    const text = file(rubyService, '/etc/ruby-service/environment', SETTINGS);
    expect(text).toContain('STORE="@{peers|mongo|*|,|{address}:27017}"\nLANGUAGE="@{value environment.LANGUAGE}"\n');
    expect(rubyService.peers(tierInputs(rubyService, SETTINGS).settings, 'web')).toEqual(['mongo']);
  });

  it('takes another release and other numbers in place', () => {
    const other = { ...SETTINGS, sha256: 'cd'.repeat(32), workers: 3, threads: 9 };
    const texts = (settings: object) => rubyService.files(tierInputs(rubyService, settings));
    expect(texts(other)).toEqual(texts(SETTINGS));
    expect(rubyService.values(tierInputs(rubyService, other))).toMatchObject({
      ...{ release: RELEASE, sha256: 'cd'.repeat(32), workers: 3, threads: 9 },
    });
  });

  it('has a process for each virtual CPU', () => {
    expect(rubyService.values(tierInputs(rubyService, {}))['workers']).toBe(4);
    expect(rubyService.values(tierInputs(rubyService, { workers: 0 }))['workers']).toBe(0);
  });

  it('fails with an archive without a checksum, and a checksum without an archive', () => {
    expect(findings(rubyService, {})).toEqual([]);
    expect(findings(rubyService, { release: RELEASE })).toMatchObject([
      { at: ['settings', 'release'], code: 'release-unchecked' },
    ]);
    expect(findings(rubyService, { sha256: SETTINGS.sha256 })).toMatchObject([
      { at: ['settings', 'sha256'], code: 'release-unchecked' },
    ]);
  });

  it('leaves nothing that a server cannot fill in', () => {
    expect(brokenPlaceholders(rubyService, SETTINGS)).toEqual([]);
    expect(brokenPlaceholders(rubyService)).toEqual([]);
  });

  it.each([
    ['a port that only root opens', { port: 80 }],
    ['no thread', { threads: 0 }],
    ['a path of a shell', { check: '/health; reboot' }],
    ['a value that a shell would evaluate', { environment: { A: '$HOME' } }],
    ['a checksum that is none', { sha256: 'abc' }],
  ])('fails for %s', (_what, settings) => {
    expect(rubyService.settings.safeParse(settings).success).toBe(false);
  });
});
