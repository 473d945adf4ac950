import { describe, expect, it } from 'vitest';
import { assertExpectedIdentity } from '../../../lib/openstack-api/identity.ts';

const caller = { user: { id: 'u', name: 'ops' }, project: { id: 'p', name: 'admin' }, roles: ['admin'] };
const lab = { name: 'lab', authUrl: 'http://127.0.0.1:5000/v3', project: 'admin' };

describe('the aim check', () => {
  it('lets the configured endpoint and project pass, with and without version and slash', () => {
    for (const url of ['http://127.0.0.1:5000/v3', 'http://127.0.0.1:5000', 'http://127.0.0.1:5000/v3/'])
      assertExpectedIdentity(lab, url, caller);
  });

  it('fails for another endpoint', () => {
    expect(() => assertExpectedIdentity(lab, 'https://paris.example.org:5000/v3', caller)).toThrow(
      /configured with endpoint http:\/\/127/,
    );
  });

  it('fails for another project, and for none', () => {
    expect(() => assertExpectedIdentity({ ...lab, project: 'ops' }, lab.authUrl, caller)).toThrow(
      /project ops; the credentials lead to admin/,
    );
    expect(() => assertExpectedIdentity(lab, lab.authUrl, { ...caller, project: undefined })).toThrow(
      /lead to no project/,
    );
  });
});
