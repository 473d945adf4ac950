import { inspect } from 'node:util';

/** A value that prints as `***` and serialises to its reference. Unwrapped in one place: `SecretStore.use`. */
export class Secret {
  readonly #value: string;
  readonly #reference: string;

  constructor(value: string, reference: string) {
    this.#value = value;
    this.#reference = reference;
  }

  /** The secret itself. Only adapters that hand it to a cloud or a process may call this. */
  unwrap(): string {
    return this.#value;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return this.#reference;
  }

  [inspect.custom](): string {
    return '***';
  }
}

/** What follows `secret:` in a reference. */
const SECRET_NAME = /^[a-z0-9][a-z0-9/_-]*$/;

/** `secret:<name>`. */
export type SecretRef = `secret:${string}`;

/** Where secrets are kept. Adapters: an encrypted file, AWS Secrets Manager, Barbican; one contract test runs over all. */
export interface SecretStore {
  put(reference: SecretRef, value: Secret): Promise<void>;
  /** @throws TandemError `no-such-secret` */
  use<T>(reference: SecretRef, action: (secret: Secret) => Promise<T>): Promise<T>;
  /** One that is not there is no error. */
  remove(reference: SecretRef): Promise<void>;
  /** What is there, sorted; never a value. */
  list(): Promise<readonly SecretRef[]>;
  /** Closes connections, so that the process can end. */
  close(): void;
}

/** A name in a store as a reference; none where no configuration could refer to it. */
export function toReference(name: string): readonly SecretRef[] {
  return SECRET_NAME.test(name) ? [`secret:${name}`] : [];
}
