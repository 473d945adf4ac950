import { isLost, type Machine, WORKER_STATES } from './view.ts';

/** What a selector knows of a field. */
interface Field {
  /** Why a value is none of this field; undefined where it is one. */
  readonly accepts: (value: string) => { readonly expects: string; readonly choices?: readonly string[] } | undefined;
  readonly equals: (machine: Machine, value: string, at: number) => boolean;
  /** Below zero where the machine has less; undefined where it has none. @default - the field has no order */
  readonly order?: (machine: Machine, value: string, at: number) => number | undefined;
}

/** What a machine has that has no job, program or heartbeat. */
const NONE = 'none';

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `90s`, `15m`, `12h`, `30d`, `2w` in milliseconds; undefined for anything else. */
export function spanMs(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,9})(s|m|min|h|d|w)$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (UNITS[unit === 'min' ? 'm' : unit] ?? 0);
}

function text(of: (machine: Machine) => string | undefined): Field {
  return {
    accepts: () => undefined,
    equals: (machine, value) => (of(machine) ?? NONE) === value,
  };
}

/** Versions are ordered part by part, numbers as numbers: 1.10.0 is above 1.9.0. */
function version(of: (machine: Machine) => string | undefined): Field {
  return {
    ...text(of),
    order: (machine, value) => {
      const own = of(machine);
      return own === undefined ? undefined : own.localeCompare(value, 'en', { numeric: true });
    },
  };
}

function oneOf(choices: readonly string[], has: (machine: Machine, at: number) => readonly string[]): Field {
  return {
    accepts: (value) =>
      choices.includes(value.toLowerCase()) ? undefined : { expects: `one of ${choices.join(', ')}`, choices },
    equals: (machine, value, at) => has(machine, at).includes(value.toLowerCase()),
  };
}

const LIFECYCLE = ['pending', 'inservice', 'standby', 'terminating', 'detached', 'warmed'] as const;
const WORKER = [...WORKER_STATES, 'lost', NONE];

/** `Terminating:Wait` is terminating. */
function statesOf(machine: Machine, at: number): string[] {
  const [lifecycle = ''] = machine.lifecycleState.toLowerCase().split(':');
  const worker = isLost(machine, at) ? 'lost' : (machine.heartbeat?.state ?? NONE);
  return [lifecycle, worker];
}

const zone: Field = {
  ...text((machine) => machine.zone),
  // `a` for eu-west-3a.
  equals: (machine, value) =>
    machine.zone === value || (value.length === 1 && machine.zone.endsWith(value.toLowerCase())),
};

const age: Field = {
  accepts: (value) => (spanMs(value) === undefined ? { expects: 'a time like 90s, 15m, 12h or 30d' } : undefined),
  equals: (machine, value, at) => at - machine.launchedAt === spanMs(value),
  order: (machine, value, at) => at - machine.launchedAt - (spanMs(value) ?? 0),
};

const template: Field = version((machine) => machine.templateVersion);

const OF_NAMES = {
  zone,
  type: text((machine) => machine.type),
  age,
  state: oneOf([...LIFECYCLE, ...WORKER], statesOf),
  health: oneOf(['healthy', 'impaired', 'impaired-instance', 'impaired-system', 'unhealthy'], ({ health }) =>
    health.startsWith('impaired') ? ['impaired', health] : [health],
  ),
  image: text((machine) => machine.imageId),
  template: {
    ...template,
    accepts: (value) => (/^\d{1,9}$/.test(value) ? undefined : { expects: 'the number of a version' }),
  },
  program: version((machine) => machine.program),
  version: version((machine) => machine.heartbeat?.version),
  job: text((machine) => machine.heartbeat?.job),
  purchase: oneOf(['spot', 'on-demand'], ({ purchase }) => [purchase]),
  id: text((machine) => machine.id),
  warm: oneOf(['yes', 'no', 'true', 'false'], ({ warm }) => (warm ? ['yes', 'true'] : ['no', 'false'])),
} as const satisfies Readonly<Record<string, Field>>;

export type FieldName = keyof typeof OF_NAMES;

export const FIELDS: Readonly<Record<FieldName, Field>> = OF_NAMES;
export const fieldNames = Object.keys(FIELDS) as readonly FieldName[];

export function fieldOf(word: string): FieldName | undefined {
  const name = word.toLowerCase();
  return fieldNames.find((each) => each === name);
}
