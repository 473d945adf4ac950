import { describe, expect, it } from 'vitest';
import { endpointsIn, sshIn } from '../../../lib/dev/access.ts';

const open = (value: unknown, sensitive = false) => ({ value, sensitive });

describe('how people reach an environment', () => {
  it('is what its stack gives out', () => {
    const web = { host: 'web.x.example.org', port: 443, public: true, address: '198.18.0.21' };
    expect(endpointsIn({ endpoints: open({ web }) })).toEqual({ web: 'web.x.example.org:443 (198.18.0.21)' });
    expect(sshIn({ ssh: open({ user: 'debian', host: 'h', address: '198.18.0.20' }) })).toBe('ssh debian@198.18.0.20');
  });

  it('is nothing where there is no output, another shape, or a secret', () => {
    for (const outputs of [
      {},
      { endpoints: open('x'), ssh: open(7) },
      { endpoints: open({}, true), ssh: open({ host: 'h', address: 'a' }, true) },
    ]) {
      expect(endpointsIn(outputs)).toEqual({});
      expect(sshIn(outputs)).toBeUndefined();
    }
  });
});
