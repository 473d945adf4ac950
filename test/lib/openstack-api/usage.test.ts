import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { OpenStackClient } from '../../../lib/openstack-api/client.ts';
import { hoursOnHost, type ServerAction, usageOf } from '../../../lib/openstack-api/usage.ts';

const at = (hour: number): Date => new Date(Date.UTC(2026, 10, 1, hour));
const period = { from: at(0), to: at(100) };
const action = (name: string, hour: number): ServerAction => ({ action: name, at: at(hour) });

describe('hours of a server on a host', () => {
  it('are those from its creation to its end, within the period', () => {
    const create = action('create', 10);
    expect(hoursOnHost({ started: at(11), ended: undefined }, [create], period)).toBe(90);
    expect(hoursOnHost({ started: at(11), ended: at(20) }, [create, action('delete', 20)], period)).toBe(10);
    expect(hoursOnHost({ started: at(11), ended: undefined }, [create], { from: at(50), to: at(60) })).toBe(10);
    expect(hoursOnHost({ started: at(5), ended: undefined }, [], period)).toBe(95);
    expect(hoursOnHost({ started: undefined, ended: undefined }, [], period)).toBe(0);
  });

  it('leave out what it was shelved, also where Nova forgot when it first started', () => {
    const actions = [action('create', 10), action('shelve', 30), action('shelveOffload', 31), action('unshelve', 70)];
    expect(hoursOnHost({ started: at(70), ended: undefined }, actions, period)).toBe(50);
    expect(hoursOnHost({ started: at(10), ended: undefined }, actions.slice(0, 3), period)).toBe(20);
  });

  it('are never more than the period, whatever was done to it', () => {
    const names = fc.constantFrom('create', 'shelve', 'unshelve', 'reboot', 'delete');
    const actions = fc.array(fc.tuple(names, fc.integer({ min: -50, max: 150 })), { maxLength: 12 });
    fc.assert(
      fc.property(actions, (all) => {
        const sorted = [...all].sort((a, b) => a[1] - b[1]).map(([name, hour]) => action(name, hour));
        const hours = hoursOnHost({ started: at(0), ended: undefined }, sorted, period);
        expect(hours).toBeGreaterThanOrEqual(0);
        expect(hours).toBeLessThanOrEqual(100);
      }),
    );
  });
});

it('counts what the project has, also of a service that lists what everybody has', async () => {
  const everybodys: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
    volumes: ['mine', 'theirs'].map((owner, nth) => ({
      ...{ size: nth + 1, volume_type: null, created_at: '2026-11-01T00:00:00', 'os-vol-tenant-attr:tenant_id': owner },
    })),
    floatingips: ['theirs', 'mine'].map((owner) => ({ created_at: '2026-11-01T05:00:00Z', project_id: owner })),
    loadbalancers: [{ created_at: '2026-10-01T00:00:00', project_id: 'theirs' }],
  };
  const client = {
    has: () => Promise.resolve(true),
    get: (_service: string, _path: string, schema: z.ZodType) => Promise.resolve(schema.parse({ tenant_usage: {} })),
    list: (_service: string, _path: string, key: string, schema: z.ZodType) =>
      Promise.resolve((everybodys[key] ?? []).map((each) => schema.parse(each))),
  } as unknown as OpenStackClient;
  expect(await usageOf(client, 'mine', { from: at(0), to: at(10) })).toEqual({
    servers: [],
    volumes: [{ type: '', sizeGiB: 1, hours: 10 }],
    floatingAddresses: [5],
    balancers: [],
    begin: at(0),
  });
});
