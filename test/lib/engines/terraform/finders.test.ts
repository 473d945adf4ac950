import { expect, test } from 'vitest';
import { findLeftovers } from '../../../../lib/engines/terraform/adopt/find-leftovers.ts';
import { readPlan } from '../../../../lib/engines/terraform/plan-json.ts';

const INTERFACE = 'openstack_networking_router_interface_v2';
const PROJECT = 'openstack_identity_project_v3';
const port = (id: string, router: string) => ({ id, device_id: router, project_id: 'dev', fixed_ips: [] });

test('a port that joins a network to somebody else’s router is found again by its id', async () => {
  const change = (type: string, address: string, actions: string[], values: { before?: object; after?: object }) => ({
    ...{ address, mode: 'managed', type, name: address },
    change: { actions, before: null, after: null, ...values },
  });
  const { changes } = readPlan(
    JSON.stringify({
      format_version: '1.2',
      resource_changes: [
        change(PROJECT, `${PROJECT}.project`, ['no-op'], { before: { id: 'dev' }, after: { id: 'dev' } }),
        change(INTERFACE, `${INTERFACE}.link`, ['create'], { after: { router_id: 'hub', port_id: 'p1' } }),
        change(INTERFACE, `${INTERFACE}.other`, ['create'], { after: { router_id: 'hub', port_id: 'p3' } }),
      ],
    }),
  );
  const list = async () => [port('p1', 'hub'), port('p2', 'hub'), port('p3', '')];
  expect(await findLeftovers('openstack/lab/dev/alice', changes, list)).toEqual([
    { to: `${INTERFACE}.link`, id: 'p1' },
  ]);
});
