import type { ComponentSecret } from '../bring-up/component.ts';
import { inputsOf, type TierSoftware } from '../bring-up/tier-software.ts';
import { serverNameOf } from '../config/server-name.ts';

/** A secret as a lease has it: whose it is, and what it is made of. */
export interface LeaseSecret {
  /** Component whose value it is: all of a lease that need it have the same. */
  readonly of: string;
  readonly kind: ComponentSecret['kind'];
  /** Trust of the project that it is taken from. @default - the lease has its own */
  readonly trust?: string | undefined;
  /** Name in the secret store, of a value that others than these servers have too. @default - it is the lease's, or the trust's */
  readonly reference?: string | undefined;
  /** Names in the certificate, of that kind. */
  readonly names?: readonly string[] | undefined;
}

/** What the components of one server need, by component and name of the secret. Never a value. */
export type ServerSecrets = Readonly<Record<string, Readonly<Record<string, LeaseSecret>>>>;

/** What each server of an environment needs, by the name of the server; servers that need none are left out. Pure. */
export function secretsByServer(
  environment: string,
  software: ReadonlyMap<string, Pick<TierSoftware, 'runs' | 'inputs'>>,
): Readonly<Record<string, ServerSecrets>> {
  return Object.fromEntries(
    [...software].flatMap(([tier, { runs, inputs }]) => {
      const needed = secretsOf({ runs, inputs });
      if (Object.keys(needed).length === 0) return [];
      return Array.from(
        { length: inputs.count },
        (_, at) => [serverNameOf(environment, tier, at + 1), needed] as const,
      );
    }),
  );
}

/** What each server of a tier needs. Pure. */
export function secretsOf(software: Pick<TierSoftware, 'runs' | 'inputs'>): ServerSecrets {
  return Object.fromEntries(
    software.runs.flatMap(({ component, settings }) => {
      const { name, secrets = [] } = component;
      if (secrets.length === 0) return [];
      const inputs = inputsOf(software, settings);
      const trust = component.trust?.(inputs);
      const all = secrets.map((secret): [string, LeaseSecret] => [
        secret.name,
        {
          of: secret.of ?? name,
          kind: secret.kind,
          ...(trust === undefined ? {} : { trust }),
          ...(secret.kind === 'certificate' ? { names: secret.names(inputs) } : {}),
        },
      ]);
      return [[name, Object.fromEntries(all)] as const];
    }),
  );
}

/** Whether servers of a tier need any. Pure. */
export function hasSecrets(software: Pick<TierSoftware, 'runs'> | undefined): boolean {
  return software?.runs.some(({ component: { secrets = [] } }) => secrets.length > 0) ?? false;
}
