import { describe, expect, it } from 'vitest';
import { renderRecovery } from '../../../../lib/cli/render/cloud-recover.ts';
import { planRecovery } from '../../../../lib/private-cloud/recovery/plan.ts';

const hosts = ['control-a-1', 'control-b-1'];
const places = { database: hosts, brokers: hosts, raft: [], balancers: [] };
const why = 'its last write is number 12; control-a-1 is 2 writes behind';
const result = {
  ...{ cloud: 'paris', founder: 'control-b-1', why, executed: false },
  positions: [
    { host: 'control-a-1', uuid: 'u', seqno: 10 },
    { host: 'control-b-1', uuid: 'u', seqno: 12 },
    { host: 'control-c-1', uuid: null, seqno: null },
  ],
  steps: planRecovery({ host: 'control-b-1', seqno: 12, why }, places, 'docker'),
};

describe('a recovery in words', () => {
  it('says what each host said, who is newest, and what to type', () => {
    const text = renderRecovery(result);
    expect(text).toContain('  control-a-1: last write 10 of cluster u\n');
    expect(text).toContain('  control-c-1: no data\n');
    expect(text).toContain(`control-b-1 founds the database of paris anew: ${why}.\n`);
    expect(text).toContain('   control-b-1$ docker stop -t 2 mariadb\n');
    expect(text).toContain(
      '   $ kolla-ansible mariadb-recovery --limit control-a-1,control-b-1 -e mariadb_recover_inventory_name=control-b-1\n',
    );
    expect(text).toContain('   control-b-1$ systemctl start kolla-rabbitmq-container.service\n');
    expect(text).toContain('2 steps. Nothing was executed: --run does.\n');
  });

  it('shows no steps that were run', () => {
    expect(renderRecovery({ ...result, executed: true })).not.toContain('$ kolla-ansible');
  });
});
