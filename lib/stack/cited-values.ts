import type { Attributes } from './cited-attributes.ts';
import type { ConfigRef } from './config-ref.ts';

/** A value, the line of the configuration that says it, and the attribute of resource `T` in which it shows. */
export interface CitedValue<T> {
  readonly value: unknown;
  readonly from: ConfigRef;
  readonly attribute: keyof Attributes<T>;
}

/**
 * Props of a construct, each with its citation: one statement says both, so that neither is forgotten. Write it with `satisfies
 * CitedValues<T>`, which keeps the types of the values.
 */
export type CitedValues<T> = Readonly<Record<string, CitedValue<T>>>;

type Cited = Readonly<
  Record<string, { readonly value: unknown; readonly from: ConfigRef; readonly attribute: string }>
>;

/** Values that may be undefined are optional: constructs take no `undefined`. */
type Values<C extends Cited> = {
  readonly [K in keyof C as undefined extends C[K]['value'] ? never : K]: C[K]['value'];
} & {
  readonly [K in keyof C as undefined extends C[K]['value'] ? K : never]?: Exclude<C[K]['value'], undefined>;
};

/** The props alone, without those that are undefined. */
export function valuesOf<C extends Cited>(cited: C): Values<C> {
  const said = Object.entries(cited).filter(([, { value }]) => value !== undefined);
  return mapped(said.map(([name, { value }]) => [name, value])) as Values<C>;
}

/** The citations alone, as `cite` takes them. */
export function attributesOf<C extends Cited>(cited: C): { readonly [K in C[keyof C]['attribute']]: ConfigRef } {
  return mapped(Object.values(cited).map(({ attribute, from }) => [attribute, from])) as {
    [K in C[keyof C]['attribute']]: ConfigRef;
  };
}

function mapped(entries: readonly (readonly [string, unknown])[]): unknown {
  return Object.fromEntries(entries);
}
