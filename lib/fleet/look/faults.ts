import { readFailure } from '../../aws-api/aws-error.ts';
import { type Api, CloudFault, type FaultKind, type LaunchFault } from '../cloud.ts';

/**
 * AWS's codes by kind. EC2: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html; Auto Scaling: the errors of each
 * call; `ResourceContention` means another update of the group that is under way, and asks to be called again like a throttle.
 */
const KINDS: readonly (readonly [RegExp, FaultKind])[] = [
  [/Throttl|RequestLimitExceeded|TooManyRequests|SlowDown|ResourceContention|ScalingActivityInProgress/, 'throttled'],
  [/Insufficient(Instance|Host|ReservedInstance)?Capacity|UnfulfillableCapacity|SpotMaxPriceTooLow/, 'no-capacity'],
  [
    /VcpuLimitExceeded|InstanceLimitExceeded|InstanceCountExceeded|InsufficientFreeAddresses|(Volume|Address)LimitExceeded|^LimitExceeded/,
    'over-quota',
  ],
  [/NotFound|InvalidInstanceId|DoesNotExist/, 'not-found'],
  [
    /UnauthorizedOperation|AccessDenied|AuthFailure|ExpiredToken|RequestExpired|CredentialsProviderError|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|MissingAuthentication|OptInRequired|Blocked/,
    'unauthorised',
  ],
];

/** How a client says that it had no answer: the effect may have happened. */
const NO_ANSWER =
  /^(ECONN|EPIPE|EAI_AGAIN|ENOTFOUND|ETIMEDOUT)|Timeout|NetworkingError|socket|InternalFailure|InternalError|ServiceUnavailable|Unavailable/i;

/** Auto Scaling says both with one code. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/CommonErrors.html */
const ABSENT = /not found|no managed instance|is not part of|not in the auto ?scaling group|does not exist/i;

function kindOf({ name, message, status }: { name: string; message: string; status: number }): FaultKind {
  const [, kind] = KINDS.find(([pattern]) => pattern.test(name)) ?? [];
  if (kind !== undefined) return kind;
  if (name === 'ValidationError' && ABSENT.test(message)) return 'not-found';
  return status >= 500 || NO_ANSWER.test(name) || status === 0 ? 'unknown' : 'refused';
}

/** What a call threw, told apart by kind. An abort goes through. */
export function toCloudFault(api: Api, error: unknown): Error {
  if (error instanceof CloudFault || (error instanceof Error && error.name === 'AbortError')) return error;
  const failure = readFailure(error);
  const { name: code, message } = failure;
  const ids = [...new Set(message.match(/\bi-[0-9a-f]{8,17}\b/g))];
  return new CloudFault({ kind: kindOf(failure), api, code, message, ...(ids.length === 0 ? {} : { ids }) }, error);
}

/** Words of the status message of a scaling activity that failed. https://docs.aws.amazon.com/autoscaling/ec2/userguide/CHAP_Troubleshooting.html */
const LAUNCHES: readonly (readonly [RegExp, LaunchFault['kind']])[] = [
  [
    /InsufficientInstanceCapacity|sufficient .* capacity|no Spot capacity|UnfulfillableCapacity|not supported in your requested Availability Zone/i,
    'no-capacity',
  ],
  [
    /VcpuLimitExceeded|vCPU (capacity|limit)|limit exceeded|InstanceLimitExceeded|SpotInstanceCountExceeded|free addresses/i,
    'over-quota',
  ],
  [/abandoned|health check|lifecycle action|taken out of service/i, 'unhealthy'],
];

export function launchFaultKind(message: string): LaunchFault['kind'] {
  return LAUNCHES.find(([pattern]) => pattern.test(message))?.[1] ?? 'other';
}
