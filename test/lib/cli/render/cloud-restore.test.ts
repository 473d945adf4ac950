import { describe, expect, it } from 'vitest';
import type { RestoreCloudResult } from '../../../../lib/actions/cloud/restore.ts';
import { renderRestore } from '../../../../lib/cli/render/cloud-backup.ts';

const NOTHING = { orphans: [], absent: [], unasked: [] };
const result: RestoreCloudResult = {
  ...{ cloud: 'paris', backup: '20261128T023000Z-full', at: '2026-11-28T02:30:00Z', alive: [], steps: [] },
  ...{ executed: false, outageSeconds: null, differences: null },
};
const orphan = { kind: 'server', id: '4444', where: 'compute-a-1' } as const;
const absent = { kind: 'port', id: '2222', where: "OVN's northbound database" } as const;

describe('a restore in words', () => {
  it('says what exists and no service knows, and the other way round', () => {
    const text = renderRestore({
      ...result,
      differences: { orphans: [orphan], absent: [absent], unasked: ['compute-b-1'] },
    });
    expect(text).toBe(
      [
        'Made since the backup, so that no service knows it: 1 resource',
        '  server  4444  compute-a-1',
        'Deleted since the backup, and known again: 1 resource',
        "  port  2222  OVN's northbound database",
        'Not asked, since they do not answer: compute-b-1.',
        '',
      ].join('\n'),
    );
  });

  it('says so where nothing differs', () => {
    expect(renderRestore({ ...result, differences: NOTHING })).toBe(
      'Networks, routers, ports and servers are those that the services know.\n',
    );
  });

  it('ends a restore with it, and with what was not compared', () => {
    const text = renderRestore({ ...result, executed: true, outageSeconds: 41, differences: NOTHING });
    expect(text).toMatch(/every member is synced\. Without a database for 41 s\.\nNetworks, .*\nVolumes and rows/);
    expect(renderRestore({ ...result, executed: true })).toMatch(/every member is synced\.\nVolumes and rows/);
  });

  it('shows the steps where nothing was compared', () => {
    expect(renderRestore(result)).toContain('0 steps. No member of the database answers.');
  });
});
