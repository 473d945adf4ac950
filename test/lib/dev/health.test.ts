import { describe, expect, it } from 'vitest';
import { judgeHealth } from '../../../lib/dev/health.ts';
import type { BalancerState, ServerState } from '../../../lib/openstack-api/cloud-api.ts';

const server = (status: string, more: Partial<ServerState> = {}): ServerState => ({
  ...{ id: 's', name: 'web-1', status, task: '', zone: 'a', host: 'h', fault: '' },
  ...more,
});
const balancer = (provisioning: string, operating: string): BalancerState => ({
  id: 'b',
  name: 'web',
  provisioning,
  operating,
});

describe('how an environment is', () => {
  it('is well with every server active and every load balancer online', () => {
    const health = { servers: [server('ACTIVE')], balancers: [balancer('ACTIVE', 'ONLINE')] };
    expect(judgeHealth(health, 'active')).toEqual({ ready: 2, waiting: [], failed: [] });
  });

  it.each([
    [server('BUILD', { task: 'spawning' }), 'server web-1 is BUILD (spawning)'],
    [server('ACTIVE', { task: 'powering-off' }), 'server web-1 is ACTIVE (powering-off)'],
    [server('SHELVED_OFFLOADED'), 'server web-1 is SHELVED_OFFLOADED'],
  ])('waits for a server on its way', (each, line) => {
    expect(judgeHealth({ servers: [each], balancers: [] }, 'active').waiting).toEqual([line]);
  });

  it.each([
    ['PENDING_UPDATE', 'ONLINE', 'load balancer web is PENDING_UPDATE'],
    ['ACTIVE', 'OFFLINE', 'load balancer web is OFFLINE'],
    ['ACTIVE', 'ERROR', 'load balancer web reaches none of its servers'],
  ])('waits for a load balancer that is %s, %s', (provisioning, operating, line) => {
    expect(judgeHealth({ servers: [], balancers: [balancer(provisioning, operating)] }, 'active').waiting).toEqual([
      line,
    ]);
  });

  it('takes a provider that monitors nothing at its word', () => {
    expect(judgeHealth({ servers: [], balancers: [balancer('ACTIVE', 'NO_MONITOR')] }, 'active').ready).toBe(1);
  });

  it('gives up on an error, with its reason', () => {
    const servers = [server('ERROR', { fault: 'no valid host was found' })];
    const { failed } = judgeHealth({ servers, balancers: [balancer('ERROR', 'OFFLINE')] }, 'active');
    expect(failed).toEqual(['server web-1 is in ERROR: no valid host was found', 'load balancer web is in ERROR']);
  });

  it('is frozen with every server shelved, whatever its load balancers find', () => {
    const health = { servers: [server('SHELVED_OFFLOADED', { host: '' })], balancers: [balancer('ACTIVE', 'ERROR')] };
    expect(judgeHealth(health, 'frozen')).toEqual({ ready: 2, waiting: [], failed: [] });
    expect(judgeHealth({ servers: [server('ACTIVE')], balancers: [] }, 'frozen').waiting).toHaveLength(1);
  });
});
