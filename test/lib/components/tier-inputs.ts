import type { Component, TierInputs } from '../../../lib/bring-up/component.ts';

export interface TierWords {
  readonly count?: number;
  readonly zones?: readonly string[];
  readonly memoryMiB?: number;
  readonly counts?: Readonly<Record<string, number>>;
}

/** A tier `store` of the environment `alice` that runs one component: three servers over three zones, unless said otherwise. */
export function tierInputs<S extends object>(
  component: Component<S>,
  settings: object,
  { count = 3, zones = ['rack-a', 'rack-b', 'rack-c'], memoryMiB = 16_384, counts = {} }: TierWords = {},
): TierInputs<S> {
  const parsed = component.settings.parse(settings);
  return {
    settings: parsed,
    tier: 'store',
    environment: 'alice',
    zone: 'alice.dev.example.org',
    count,
    zones,
    flavor: { vcpus: 4, memoryMiB, diskGiB: 80 },
    counts: { ...counts, store: count },
    runs: { store: { [component.name]: parsed } },
  };
}

/** The text of one of a component's files, with its placeholders. */
export function fileOf<S extends object>(component: Component<S>, inputs: TierInputs<S>, path: string): string {
  const file = component.files(inputs).find((each) => each.path === path);
  if (file === undefined) throw new Error(`${component.name} has no file ${path}`);
  return file.content;
}

/** As `fileOf`, with the component's values, and `x` for what only a server knows: enough for a parser. */
export function parsableFile<S extends object>(component: Component<S>, inputs: TierInputs<S>, path: string): string {
  const values = component.values(inputs);
  return fileOf(component, inputs, path)
    .replace(/@\{value ([\w.-]+)\}/g, (_match, name: string) => String(values[name]))
    .replace(/@\{(?:[^{}]|\{\w+\})*\}/g, 'x');
}
