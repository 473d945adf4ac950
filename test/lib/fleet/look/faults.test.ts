import { describe, expect, it } from 'vitest';
import type { CloudFault } from '../../../../lib/fleet/cloud.ts';
import { launchFaultKind, toCloudFault } from '../../../../lib/fleet/look/faults.ts';

const awsError = (name: string, message = '', status = 400) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });

describe('what a call of AWS threw', () => {
  it.each([
    ['RequestLimitExceeded', '', 503, 'throttled'],
    ['Throttling', 'Rate exceeded', 400, 'throttled'],
    ['ThrottlingException', '', 400, 'throttled'],
    ['ResourceContention', 'a pending update', 500, 'throttled'],
    ['InsufficientInstanceCapacity', '', 500, 'no-capacity'],
    ['VcpuLimitExceeded', '', 400, 'over-quota'],
    ['InsufficientFreeAddressesInSubnet', '', 400, 'over-quota'],
    ['InvalidInstanceID.NotFound', "The instance ID 'i-0123456789abcdef0' does not exist", 400, 'not-found'],
    [
      'ValidationError',
      'Instance Id not found - No managed instance found for instance ID: i-0123456789abcdef0',
      400,
      'not-found',
    ],
    ['ValidationError', 'The instance i-0123456789abcdef0 is not part of Auto Scaling group g.', 400, 'not-found'],
    ['ValidationError', 'New SetDesiredCapacity value 501 is above max value 500', 400, 'refused'],
    ['OperationNotPermitted', '', 400, 'refused'],
    ['UnauthorizedOperation', '', 403, 'unauthorised'],
    ['AccessDenied', '', 403, 'unauthorised'],
    ['ExpiredToken', '', 400, 'unauthorised'],
    ['InternalError', '', 500, 'unknown'],
    ['ServiceUnavailable', '', 503, 'unknown'],
    ['TimeoutError', 'no answer', 0, 'unknown'],
  ])('is told apart: %s %s', (name, message, status, kind) => {
    const fault = toCloudFault('TerminateInstances', awsError(name, message, status)) as CloudFault;
    expect(fault.facts).toMatchObject({ kind, api: 'TerminateInstances', code: name });
  });

  it('names the ids that are to blame', () => {
    const message = "The instance IDs 'i-0123456789abcdef0, i-0fedcba9876543210' do not exist";
    const fault = toCloudFault('TerminateInstances', awsError('InvalidInstanceID.NotFound', message)) as CloudFault;
    expect(fault.facts.ids).toEqual(['i-0123456789abcdef0', 'i-0fedcba9876543210']);
  });

  it('goes through where it is an abort, or a connection that failed without an answer', () => {
    const abort = Object.assign(new Error('aborted'), { name: 'AbortError' });
    expect(toCloudFault('DescribeFleet', abort)).toBe(abort);
    const refused = Object.assign(new Error('connect'), { code: 'ECONNRESET' });
    expect((toCloudFault('RebootInstances', refused) as CloudFault).facts).toMatchObject({
      kind: 'unknown',
      code: 'ECONNRESET',
    });
  });
});

describe('why a launch failed', () => {
  it.each([
    [
      'We currently do not have sufficient c7g.xlarge capacity in the Availability Zone you requested (eu-west-3a).',
      'no-capacity',
    ],
    ['There is no Spot capacity available that matches your request.', 'no-capacity'],
    ['You have requested more vCPU capacity than your current vCPU limit of 640 allows.', 'over-quota'],
    [
      'There are not enough free addresses in subnet subnet-1 to satisfy the requested number of instances.',
      'over-quota',
    ],
    ['Lifecycle action was abandoned: the launching hook ended', 'unhealthy'],
    ['Your launch template is gone', 'other'],
  ])('%s', (message, kind) => expect(launchFaultKind(message)).toBe(kind));
});
