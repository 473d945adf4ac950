/** One IKE connection of strongSwan, with the tunnel that it made. */
export interface Ike {
  /** As strongSwan has it: `ESTABLISHED`, `CONNECTING`. */
  readonly state: string;
  /** @default - not established */
  readonly establishedSeconds: number | null;
  /** Whether the tunnel that packets go through is there. */
  readonly carries: boolean;
}

/**
 * From `swanctl --list-sas --raw`, by index of the tunnel: one line for each connection, nested sections of `name=value`. While keys are
 * renewed there are two of a name: the established one counts. Pure.
 * @see https://docs.strongswan.org/docs/5.9/swanctl/swanctlListSas.html
 */
export function ikesIn(raw: string): ReadonlyMap<number, Ike> {
  const found = new Map<number, Ike>();
  for (const line of raw.split('\n')) {
    const [, index, rest = ''] = /^list-sa event \{tunnel-(\d) \{(.*)$/.exec(line) ?? [];
    if (index === undefined) continue;
    const [own = '', children = ''] = rest.split(' child-sas {');
    const seconds = /\bestablished=(\d+)/.exec(own)?.[1];
    const ike = {
      state: /\bstate=(\w+)/.exec(own)?.[1] ?? 'unknown',
      establishedSeconds: seconds === undefined ? null : Number(seconds),
      carries: /\bstate=INSTALLED\b/.test(children),
    };
    if (found.get(Number(index))?.carries !== true) found.set(Number(index), ike);
  }
  return found;
}
