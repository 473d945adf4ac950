import type { ComponentSecret } from '../bring-up/component.ts';
import type { TierSoftware } from '../bring-up/tier-software.ts';

/** A secret as a lease has it: whose it is, and what it is made of. */
export interface LeaseSecret {
  /** Component whose value it is: all of a lease that need it have the same. */
  readonly of: string;
  readonly kind: ComponentSecret['kind'];
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
      const needed = secretsOf({ runs });
      if (Object.keys(needed).length === 0) return [];
      return Array.from({ length: inputs.count }, (_, at) => [`${environment}-${tier}-${at + 1}`, needed] as const);
    }),
  );
}

/** What each server of a tier needs. Pure. */
export function secretsOf({ runs }: Pick<TierSoftware, 'runs'>): ServerSecrets {
  return Object.fromEntries(
    runs.flatMap(({ component: { name, secrets = [] } }) =>
      secrets.length === 0
        ? []
        : [[name, Object.fromEntries(secrets.map(({ name: own, kind, of = name }) => [own, { of, kind }]))] as const],
    ),
  );
}
