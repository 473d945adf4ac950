/** An error as an AWS API answers it; each protocol puts it into its own shape. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Headers and members that some errors carry besides code and message. */
  readonly extra: Readonly<Record<string, string>>;

  constructor(code: string, message: string, status = 400, extra: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
    this.extra = extra;
  }
}

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

/** A parameter that AWS knows and the endpoint does not: silence would pass for support. */
export function notInLab(call: string, what: string): AwsError {
  return new AwsError(
    'ValidationError',
    `lab/aws does not support ${what} of ${call}; lab/aws/SPEC.md lists what it does`,
  );
}
