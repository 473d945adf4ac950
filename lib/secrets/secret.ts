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

/** `secret:<name>`. */
export type SecretRef = `secret:${string}`;

/** Where secrets are kept. Adapters: an encrypted file, AWS Secrets Manager, Barbican, Vault. */
export interface SecretStore {
  put(reference: SecretRef, value: Secret): Promise<void>;
  /** @throws TandemError `no-such-secret` */
  use<T>(reference: SecretRef, action: (secret: Secret) => Promise<T>): Promise<T>;
  remove(reference: SecretRef): Promise<void>;
}
