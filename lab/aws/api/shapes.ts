/** A member of a structure. Without a name of its own on the wire it has the member's. */
export interface Member {
  readonly shape: string;
  /** In parameters. */
  readonly takes?: string;
  /** In XML. */
  readonly gives?: string;
}

/** A type as AWS's published models define it, with what it allows. */
export interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, Member>>;
  readonly required?: readonly string[];
  /** Items of a list. */
  readonly of?: string;
  readonly key?: string;
  readonly value?: string;
  readonly enum?: readonly string[];
  /** Of numbers their size, of texts and lists their length. */
  readonly min?: number;
  readonly max?: number;
}

/** Calls of one service, and the shapes that they reach. */
export interface ApiModel {
  readonly version: string;
  readonly namespace: string;
  readonly target: string;
  readonly operations: Readonly<Record<string, { readonly takes?: string; readonly gives?: string }>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}
