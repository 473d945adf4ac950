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

/** The props alone. */
export function valuesOf<C extends Cited>(cited: C): { readonly [K in keyof C]: C[K]['value'] } {
  return mapped(Object.entries(cited).map(([name, { value }]) => [name, value])) as { [K in keyof C]: C[K]['value'] };
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
