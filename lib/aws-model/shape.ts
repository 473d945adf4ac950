import type { Time } from './types.ts';

/**
 * A shape of AWS's SDK as the model has it: read only, times are numbers, a word out of a list is any text (the model checks it itself), and what
 * the API requires is there, where the SDK lets it be undefined.
 */
export type Shape<T> = T extends Date
  ? Time
  : T extends string
    ? string
    : T extends readonly (infer E)[]
      ? readonly Shape<E>[]
      : T extends object
        ? { readonly [K in keyof T]: object extends Pick<T, K> ? Shape<T[K]> : Shape<Exclude<T[K], undefined>> }
        : T;

/** What a method of one of the SDK's clients is given. */
export type InputOf<Method> = Method extends (input: infer I, ...rest: never[]) => unknown ? Shape<I> : never;
