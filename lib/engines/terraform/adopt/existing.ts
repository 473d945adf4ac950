import { z } from 'zod';
import type { Described, Existing } from '../../match-existing.ts';

const attributes = z.record(z.string(), z.unknown());

/** A state as Terraform keeps it, version 4. */
const stateSchema = z.looseObject({
  version: z.literal(4),
  resources: z.array(
    z.looseObject({
      mode: z.string(),
      type: z.string(),
      name: z.string(),
      module: z.string().optional(),
      instances: z.array(z.looseObject({ index_key: z.union([z.string(), z.number()]).optional(), attributes })),
    }),
  ),
});

interface Module {
  readonly resources?:
    | readonly {
        readonly address: string;
        readonly mode: string;
        readonly type: string;
        readonly values?: Record<string, unknown> | undefined;
      }[]
    | undefined;
  readonly child_modules?: readonly Module[] | undefined;
}

const moduleSchema: z.ZodType<Module> = z.looseObject({
  resources: z
    .array(z.looseObject({ address: z.string(), mode: z.string(), type: z.string(), values: attributes.optional() }))
    .optional(),
  child_modules: z.array(z.lazy(() => moduleSchema)).optional(),
});

/** What `terraform show -json` prints. */
const shownSchema = z.looseObject({
  format_version: z.string(),
  values: z.looseObject({ root_module: moduleSchema }).optional(),
});

/** What a root manages: its `terraform.tfstate`, or what `terraform show -json` prints. Undefined where the text is neither. */
export function existingIn(text: string): Existing[] | undefined {
  const value: unknown = JSON.parse(text);
  const state = stateSchema.safeParse(value);
  if (state.success) {
    return state.data.resources
      .filter(({ mode }) => mode === 'managed')
      .flatMap(({ module, type, name, instances }) =>
        instances.flatMap((each) => {
          const key = each.index_key === undefined ? '' : `[${JSON.stringify(each.index_key)}]`;
          return described(`${module === undefined ? '' : `${module}.`}${type}.${name}${key}`, type, each.attributes);
        }),
      );
  }
  const shown = shownSchema.safeParse(value);
  return shown.success ? inModule(shown.data.values?.root_module ?? {}) : undefined;
}

function inModule({ resources = [], child_modules: children = [] }: Module): Existing[] {
  const own = resources.filter(({ mode }) => mode === 'managed');
  return [
    ...own.flatMap(({ address, type, values = {} }) => described(address, type, values)),
    ...children.flatMap(inModule),
  ];
}

function described(address: string, type: string, values: Readonly<Record<string, unknown>>): Existing[] {
  const { id } = values;
  return typeof id === 'string' && id !== '' ? [{ address, type, id, attributes: values }] : [];
}

const rootSchema = z.looseObject({ resource: z.record(z.string(), z.record(z.string(), attributes)).default({}) });

/** What an artefact asks for, with what it writes out: no reference, no block. */
export function wantedIn(artefact: string): Described[] {
  const { resource } = rootSchema.parse(JSON.parse(artefact));
  return Object.entries(resource).flatMap(([type, all]) =>
    Object.entries(all).map(([name, values]) => ({
      ...{ address: `${type}.${name}`, type },
      attributes: Object.fromEntries(Object.entries(values).filter(([key, value]) => isWritten(key, value))),
    })),
  );
}

const OF_TERRAFORM = new Set(['provider', 'depends_on', 'lifecycle', 'count', 'for_each', 'timeouts', '//']);

function isWritten(key: string, value: unknown): boolean {
  if (OF_TERRAFORM.has(key)) return false;
  return typeof value === 'string' ? !value.includes('${') : typeof value === 'number' || typeof value === 'boolean';
}
