import { describe, expect, test } from 'vitest';
import { knot } from '../../../lib/components/knot/component.ts';
import { unbound } from '../../../lib/components/unbound/component.ts';
import { fileOf, tierInputs } from './tier-inputs.ts';

const PAIR = {
  first: { knot: { zones: ['corp.example.org'], secondaries: { tier: 'second' } } },
  second: { knot: { primary: { tier: 'first' } } },
};
const server = (tier: 'first' | 'second', count = 1) => ({
  ...tierInputs(knot, PAIR[tier].knot, { count }),
  tier,
  runs: PAIR,
});

describe('a pair of name servers', () => {
  test('the secondary has the zones of its primary, and asks it', () => {
    const text = fileOf(knot, server('second'), '/etc/knot/knot.conf');
    expect(text).toContain('  - domain: corp.example.org\n');
    expect(text).toContain('    master: [ @{peers|first|*|, |first-{index}} ]\n    acl: pair\n');
    expect(text).not.toContain('notify: [');
  });

  test('the primary tells its secondaries, and takes updates', () => {
    const text = fileOf(knot, server('first'), '/etc/knot/knot.conf');
    expect(text).toContain('    notify: [ @{peers|second|*|, |second-{index}} ]\n    acl: [ pair, update ]\n');
  });

  test('a zone begins with name servers that Designate knows', () => {
    expect(fileOf(knot, server('first'), '/etc/knot/initial/corp.example.org.zone')).toBe(`$ORIGIN corp.example.org.
$TTL 300
@ SOA first-1.alice.dev.example.org. hostmaster.corp.example.org. 1 3600 60 1209600 60
@{peers|first|*|\\n|@ NS first-{index}.alice.dev.example.org.}
@{peers|second|*|\\n|@ NS second-{index}.alice.dev.example.org.}
`);
    expect(knot.files(server('second')).some(({ path }) => path.includes('/initial/'))).toBe(false);
  });

  test('fails for two primaries, for a pair without zones, and for a server that is both or neither', () => {
    const codes = (inputs: ReturnType<typeof server>) => knot.check?.(inputs).map(({ code }) => code);
    expect(codes(server('first'))).toEqual([]);
    expect(codes(server('second', 3))).toEqual([]);
    expect(codes(server('first', 2))).toEqual(['single-member']);
    expect(codes({ ...server('second'), runs: { ...PAIR, first: { knot: { zones: [] } } } as never })).toEqual([
      'zones-missing',
    ]);
    for (const settings of [{}, { primary: { tier: 'a' }, secondaries: { tier: 'b' } }])
      expect(knot.settings.safeParse(settings).success).toBe(false);
  });
});

describe('a resolver', () => {
  const resolver = (settings: object) => ({
    ...tierInputs(unbound, settings),
    runs: { ...PAIR, discovery: { consul: {} } },
  });
  const text = (settings: object) =>
    fileOf(unbound, resolver(settings) as never, '/etc/unbound/unbound.conf.d/tandem.conf');

  test("asks Consul's servers, Designate's and those of the lease for their zones", () => {
    const conf = text({
      consul: { tier: 'discovery' },
      cloudNameServers: [{ address: '192.0.2.53', port: 5354 }, { address: '192.0.2.54' }],
      authoritative: [{ zone: 'corp.example.org', servers: [{ tier: 'first' }, { tier: 'second' }] }],
    });
    expect(conf).toContain('    name: consul\n@{peers|discovery|*|\\n|    stub-addr: {address}@8600}\n');
    expect(conf).toContain('    name: dev.example.org\n    stub-addr: 192.0.2.53@5354\n    stub-addr: 192.0.2.54@53\n');
    expect(conf).toContain('    name: corp.example.org\n@{peers|first|*|\\n|    stub-addr: {address}@53}\n');
    expect(conf.match(/domain-insecure: .*/g)).toEqual([
      'domain-insecure: corp.example.org',
      'domain-insecure: consul',
      'domain-insecure: dev.example.org',
    ]);
  });

  test("asks the cloud's own name servers where the blueprint names none", () => {
    const told = { ...resolver({}), nameServers: ['192.0.2.53'] };
    const conf = fileOf(unbound, told as never, '/etc/unbound/unbound.conf.d/tandem.conf');
    expect(conf).toContain('stub-zone:\n    name: dev.example.org\n    stub-addr: 192.0.2.53@53\n');
    expect(text({})).not.toContain('stub-zone');
  });

  test('finds all others from the root, unless it is told whom to ask', () => {
    expect(text({})).not.toContain('forward-zone');
    expect(text({ forwarders: ['192.0.2.1'] })).toContain('forward-zone:\n    name: .\n    forward-addr: 192.0.2.1\n');
  });

  test('fails for a tier without Consul, and for a cache that the flavor does not hold', () => {
    const codes = (settings: object) => unbound.check?.(resolver(settings)).map(({ code }) => code);
    expect(codes({ consul: { tier: 'discovery' } })).toEqual([]);
    expect(codes({ consul: { tier: 'first' }, cacheMiB: 8000 })).toEqual([
      'component-not-there',
      'memory-above-flavor',
    ]);
  });
});
