import { z } from 'zod';
import { addressOf, stateSchema } from '../../../state/states.ts';
import type { Described, Existing } from '../../match-existing.ts';
import { moduleSchema, type StateModule } from '../plan-schema.ts';

const attributes = z.record(z.string(), z.unknown());

/** What an operator's root has may have been taken from its state by hand. */
const keptSchema = stateSchema.omit({ lineage: true, serial: true });

/** What `terraform show -json` prints. */
const shownSchema = z.looseObject({
  format_version: z.string(),
  values: z.looseObject({ root_module: moduleSchema }).optional(),
});

/** What a root manages: its `terraform.tfstate`, or what `terraform show -json` prints. Undefined where the text is neither. */
export function existingIn(text: string): Existing[] | undefined {
  const value: unknown = JSON.parse(text);
  const state = keptSchema.safeParse(value);
  if (state.success) {
    return state.data.resources
      .filter(({ mode }) => mode === 'managed')
      .flatMap((each) =>
        each.instances.flatMap(({ index_key: key, attributes: own }) =>
          described(addressOf(each, key), each.type, own),
        ),
      );
  }
  const shown = shownSchema.safeParse(value);
  return shown.success ? inModule(shown.data.values?.root_module ?? {}) : undefined;
}

function inModule({ resources = [], child_modules: children = [] }: StateModule): Existing[] {
  const own = resources.filter(({ mode }) => mode === 'managed');
  return [
    ...own.flatMap(({ address = '', type, values }) => described(address, type, attributes.catch({}).parse(values))),
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
