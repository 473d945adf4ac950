import { expect, test } from 'vitest';
import { forecast } from '../../../lib/deploy/forecast.ts';
import { decide, remedyFor } from '../../../lib/deploy/retry.ts';
import { toFault } from '../../../lib/engines/terraform/faults.ts';
import { withUsers } from '../../../lib/engines/terraform/in-use.ts';
import { requestIdsIn } from '../../../lib/engines/terraform/trace.ts';
import { beyondApproval } from '../../../lib/plan/approval.ts';
import type { Action, Change, StackPlan } from '../../../lib/plan/model.ts';

const complaint = (summary: string) => toFault({ severity: 'error', summary, detail: '', address: 'openstack_x.y' });
const creating = 'Error creating openstack_networking_network_v2';

/** As gophercloud and the provider word them; the last two columns are what is read, and what is done. */
const told: readonly (readonly [string, number, string])[] = [
  [
    `${creating}: Expected HTTP response code [201 202] when accessing [POST http://c:9696/v2.0/networks], but got 409 instead\n{"x":1}`,
    409,
    'adopt',
  ],
  [
    `${creating}: Expected HTTP response code [201 202] when accessing [POST http://c/], but got 409 instead: Quota exceeded for resources: ['network']`,
    409,
    'fail',
  ],
  [
    `Error: Expected HTTP response code [200] when accessing [PUT http://c/lbaas], but got 409 instead: Load Balancer x is immutable and cannot be updated`,
    409,
    'again',
  ],
  [
    `${creating}: Bad request with: [POST http://c:9696/v2.0/networks], error message: {"NeutronError": 1}`,
    400,
    'fail',
  ],
  [`${creating}: Authentication failed`, 401, 'renew'],
  [
    `${creating}: Request forbidden: [POST http://c/servers], error message: {"forbidden": {"message": "Quota exceeded"}}`,
    403,
    'fail',
  ],
  [
    `${creating}: Too many requests have been sent in a given amount of time. Pause requests, wait up to one minute, and try again.`,
    429,
    'again',
  ],
  [`${creating}: Internal Server Error`, 500, 'again'],
  [
    `${creating}: The service is currently unable to handle the request due to a temporary overloading or maintenance. This is a temporary condition. Try again later.`,
    503,
    'again',
  ],
  [
    `${creating}: Post "http://c:9696/v2.0/networks": OpenStack connection error, retries exhausted. Aborting. Last error was: EOF`,
    0,
    'again',
  ],
  [`${creating}: Get "http://c/": dial tcp 127.0.0.1:9696: connect: connection refused`, 0, 'again'],
  [`Your query returned more than one openstack_networking_subnetpool_v2`, 0, 'fail'],
  [
    `Error deleting openstack_networking_secgroup_v2 x: timeout while waiting for state to become 'DELETED' (last state: 'ACTIVE', timeout: 10m0s)`,
    0,
    'fail',
  ],
  [
    `Error waiting for instance (x) to become ready: timeout while waiting for state to become 'ACTIVE' (last state: 'BUILD', timeout: 1h30m0s)`,
    0,
    'fail',
  ],
  [`${creating}: timeout while waiting for state to become 'ACTIVE' (last state: 'BUILD', timeout: 20s)`, 0, 'again'],
  [`Error saving state: write terraform.tfstate: no space left on device`, 0, 'fail'],
  [`Failed to install provider: open /x/terraform-provider-openstack: read-only file system`, 0, 'fail'],
  [
    `Error waiting for instance (9461cd30) to become ready: unexpected state 'ERROR', wanted target 'ACTIVE'. last error: %!s(<nil>)`,
    0,
    'again',
  ],
  [`Plugin did not respond: The plugin encountered an error, and failed to respond to the plugin6 call`, 0, 'adopt'],
  [`it ended without a word: it was killed, perhaps because memory ran out`, 0, 'adopt'],
];

test.each(told)('%s', (summary, status, remedy) => {
  const fault = complaint(summary);
  expect([fault.status, remedyFor(fault)]).toEqual([status, remedy]);
});

test('a deletion that waited for minutes says what uses the thing', async () => {
  const id = '3ca52ec2-54c5-4bd2-a94a-b5bac1a9dcb4';
  const wait = `timeout while waiting for state to become 'DELETED' (last state: 'ACTIVE', timeout: 10m0s)`;
  const fault = complaint(`Error waiting for openstack_networking_secgroup_v2 ${id} to delete: ${wait}`);
  const ports = [
    { id: 'p1', name: 'web-0', security_groups: [id], device_owner: 'compute:nova', device_id: 's1' },
    { id: 'p2', name: '', security_groups: ['other'], device_owner: 'network:dhcp', device_id: 'd' },
  ];
  const [told] = await withUsers([{ ...fault, address: '' }], async () => ports);
  expect(told?.next).toMatch(/^it is in use by port web-0 \(compute:nova s1\): /);
  expect(await withUsers([fault], async () => Promise.reject(new Error('no answer')))).toEqual([fault]);
});

test('reads request and request id where they are told', () => {
  const id = 'req-3ca52ec2-54c5-4bd2-a94a-b5bac1a9dcb4';
  const fault = complaint(
    `${creating}: Expected HTTP response code [202] when accessing [POST https://c/v2/zones], but got 500 instead\n{"request_id": "${id}"}`,
  );
  expect(fault).toMatchObject({ address: 'openstack_x.y', request: 'POST https://c/v2/zones', requestId: id });
});

test('finds request ids in a trace by the status that they came with', () => {
  const trace = [
    'x [DEBUG] OpenStack Response Code: 201: timestamp=1\nx OpenStack Response Headers:\nX-Openstack-Request-Id: req-00000000-0000-4000-8000-000000000001: timestamp=1',
    'x [DEBUG] OpenStack Response Code: 503: timestamp=1\nx OpenStack Response Headers:\nVary: X\nX-Openstack-Request-Id: req-00000000-0000-4000-8000-000000000002: timestamp=1',
  ].join('\n');
  expect(Object.fromEntries(requestIdsIn(trace))).toEqual({ 503: ['req-00000000-0000-4000-8000-000000000002'] });
});

test('waits longer each time, ends, and lets one lasting fault end it at once', () => {
  const passing = complaint('Internal Server Error');
  const waits = [1, 2, 3, 4].map((attempt) => decide([passing], attempt));
  expect(waits).toEqual([{ retryAfter: 2 }, { retryAfter: 8 }, { retryAfter: 20 }, { retryAfter: 45 }]);
  expect(decide([passing], 5)).toBe('fail');
  expect(decide([passing, complaint('Request forbidden: [POST http://c/]')], 1)).toBe('fail');
  expect(decide([complaint('Authentication failed')], 2)).toBe('fail');
});

const change = (address: string, action: Action): Change => ({
  ...{
    address,
    type: 'thing',
    action,
    reasons: [],
    attributes: [],
    source: null,
    noise: false,
    restarts: [],
    findings: [],
  },
});
const planOf = (...changes: Change[]): StackPlan => ({
  ...{ id: 'openstack/lab/base', engine: 'terraform', status: 'changed', changes, unresolvedInputs: [], drift: [] },
});

test('what was confirmed covers what became of it, and nothing else', () => {
  const confirmed = planOf(change('a', 'create'), change('b', 'delete'), change('c', 'update'));
  expect(beyondApproval(confirmed, planOf(change('a', 'import'), change('b', 'delete')))).toEqual([]);
  expect(beyondApproval(confirmed, planOf(change('c', 'replace'), change('d', 'create')))).toEqual([
    'replace c',
    'create d',
  ]);
  expect(beyondApproval(confirmed, planOf(change('a', 'delete')))).toEqual(['delete a']);
});

test('a forecast is the longest chain, or everything at so many at a time', () => {
  const artefact = JSON.stringify({
    resource: { openstack_n: { one: {}, two: { network_id: '${openstack_n.one.id}' }, three: {} } },
  });
  const changes = ['one', 'two', 'three'].map((name) => ({
    ...change(`openstack_n.${name}`, 'create'),
    type: 'openstack_n',
  }));
  expect(forecast(changes, artefact, 20, () => 10)).toEqual({ seconds: 20, known: 1 });
  expect(forecast(changes, artefact, 1, () => 10)).toEqual({ seconds: 30, known: 1 });
  expect(forecast(changes, artefact, 20, () => undefined)).toEqual({ seconds: 6, known: 0 });
});
