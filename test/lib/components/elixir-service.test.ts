import { describe, expect, it } from 'vitest';
import { elixirService } from '../../../lib/components/elixir-service/component.ts';
import { brokenPlaceholders, file, findings } from './rendering.ts';
import { tierInputs } from './tier-inputs.ts';

const RELEASE = 'https://artefacts.example.org/profiles.tar.gz';
const SETTINGS = {
  release: RELEASE,
  sha256: 'ab'.repeat(32),
  environment: { STORE: { of: { tier: 'store' }, port: 5432 }, LANGUAGE: 'en' },
};

describe('elixir-service', () => {
  it('lists the servers of a tier in the environment', () => {
    const text = file(elixirService, '/etc/elixir-service/environment', SETTINGS);
    expect(text).toContain('STORE="@{peers|store|*|,|{address}:5432}"\nLANGUAGE="@{value environment.LANGUAGE}"\n');
    expect(elixirService.peers(tierInputs(elixirService, SETTINGS).settings, 'hot')).toEqual(['hot', 'store']);
  });

  it('takes another release in place', () => {
    const other = { ...SETTINGS, sha256: 'cd'.repeat(32) };
    expect(elixirService.files(tierInputs(elixirService, other))).toEqual(
      elixirService.files(tierInputs(elixirService, SETTINGS)),
    );
    expect(elixirService.values(tierInputs(elixirService, other))).toMatchObject({ sha256: 'cd'.repeat(32) });
  });

  it('is given its program later, in place', () => {
    const without = tierInputs(elixirService, { environment: SETTINGS.environment });
    expect(elixirService.files(without)).toEqual(elixirService.files(tierInputs(elixirService, SETTINGS)));
    expect(findings(elixirService, {})).toEqual([]);
  });

  it('fails with an archive without a checksum', () => {
    expect(findings(elixirService, { release: RELEASE })).toEqual([
      {
        at: ['settings', 'release'],
        code: 'release-unchecked',
        message: `got ${RELEASE} without a checksum; servers run an archive only where it is the one that was meant`,
        fix: 'write both, or neither',
      },
    ]);
  });

  it('leaves nothing that a server cannot fill in', () => {
    expect(brokenPlaceholders(elixirService, SETTINGS)).toEqual([]);
    expect(brokenPlaceholders(elixirService)).toEqual([]);
  });

  it.each(['bin/start; rm -rf /', "bin/'start", '/bin/sh', '../start $(x)'])('fails with the command %s', (start) => {
    expect(elixirService.settings.safeParse({ start }).success).toBe(false);
  });

  it.each(['a"b', 'a\nb', '$HOME', "it's"])('fails with the variable %j', (value) => {
    expect(elixirService.settings.safeParse({ environment: { A: value } }).success).toBe(false);
  });
});
