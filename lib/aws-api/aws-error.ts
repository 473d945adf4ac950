import { TandemError } from '../errors/tandem-error.ts';
import { awsRequestFailed } from './errors.ts';

/** What an error of the AWS SDK says. */
export interface AwsFailure {
  readonly name: string;
  readonly message: string;
  readonly requestId: string;
  readonly status: number;
}

export function readFailure(error: unknown): AwsFailure {
  const {
    name = 'Error',
    message = '',
    code,
    $metadata,
  } = (error ?? {}) as {
    name?: string;
    message?: string;
    code?: string;
    $metadata?: { requestId?: string; httpStatusCode?: number };
  };
  return {
    // A connection that failed has its reason in the code: ECONNREFUSED.
    name: code !== undefined && name === 'Error' ? code : name,
    message: message === '' ? (code ?? 'no answer') : message,
    requestId: $metadata?.requestId ?? '',
    status: $metadata?.httpStatusCode ?? 0,
  };
}

/** The SDK's error as an expected one; those of Tandem, and aborts, go through. */
export function toAwsError(call: string, error: unknown): Error {
  if (error instanceof TandemError) return error;
  const { name, message, requestId } = readFailure(error);
  if (error instanceof Error && name === 'AbortError') return error;
  return awsRequestFailed({ call, name, answer: message, requestId }, error);
}

/** What a call of the SDK gives. @param call `s3:PutObject` @throws TandemError `aws-…` */
export async function called<T>(call: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw toAwsError(call, error);
  }
}

/** The same, and undefined where the service answers with an error of such a name. */
export async function calledUnless<T>(call: string, expected: RegExp, send: () => Promise<T>): Promise<T | undefined> {
  try {
    return await send();
  } catch (error) {
    if (expected.test(readFailure(error).name)) return undefined;
    throw toAwsError(call, error);
  }
}
