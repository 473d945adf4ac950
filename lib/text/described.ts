import type { z } from 'zod';

/** A value as a schema describes it, which nobody changes. */
export type Described<S extends z.ZodType> = Frozen<z.output<S>>;

type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T;
