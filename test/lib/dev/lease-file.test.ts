import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { leaseSchema } from '../../../lib/config/schema/lease.ts';
import { editLease, writeLease } from '../../../lib/dev/lease-file.ts';

const written = `# yaml-language-server: $schema=x
# Alice's, for the demo in December.
blueprint: di   # the usual one
owner: alice@example.org

since: 2026-11-16
until: 2026-12-01 # ask before extending
users: [ alice,   bob ]
`;

describe('a new lease', () => {
  it('begins with its schema, and says only what was chosen', () => {
    const text = writeLease({ blueprint: 'di', owner: 'alice@example.org', since: '2026-11-21', until: '2026-11-27' });
    expect(text).toBe(
      '# yaml-language-server: $schema=../../docs/reference/schema/lease.schema.json\n' +
        'blueprint: di\nowner: alice@example.org\nsince: 2026-11-21\nuntil: 2026-11-27\n',
    );
  });

  it('is read back as it was meant, whatever is in it', () => {
    const lease = fc.record({
      purpose: fc.string({ maxLength: 100 }).filter((text) => !/[$%]\{/.test(text)),
      users: fc.array(fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(lease, (more) => {
        const given = { blueprint: 'di', owner: 'a@example.org', since: '2026-11-21', until: '2026-11-27', ...more };
        expect(leaseSchema.parse(parse(writeLease(given)))).toMatchObject(given);
      }),
    );
  });
});

describe('an edited lease', () => {
  it('changes the value, and no other byte', () => {
    expect(editLease(written, 'until', '2027-01-15')).toBe(written.replace('2026-12-01', '2027-01-15'));
  });

  it('puts a new key after `until`, and takes it away again without a trace', () => {
    const frozen = editLease(written, 'state', 'frozen');
    expect(frozen).toContain('until: 2026-12-01 # ask before extending\nstate: frozen\nusers:');
    expect(editLease(frozen, 'state', undefined)).toBe(written);
  });

  it('removes nothing where the key is not there', () => {
    expect(editLease(written, 'state', undefined)).toBe(written);
  });

  it('is the same, edited twice', () => {
    const once = editLease(written, 'until', '2027-01-15');
    expect(editLease(once, 'until', '2027-01-15')).toBe(once);
  });
});
