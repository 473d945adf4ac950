/** How two values of an attribute differ, in the form that a person sees soonest. Its texts are printable; renderers add only their own escapes. */
export type ValueDifference = ValuesDifference | LinesDifference | PartsDifference;

/** One line each, cut around the difference; never equal where the values differ. */
export interface ValuesDifference {
  readonly kind: 'values';
  readonly before: string;
  readonly after: string;
}

/** Lines of a text, as a unified difference. */
export interface LinesDifference {
  readonly kind: 'lines';
  readonly hunks: readonly Hunk[];
  /** Lines that come or go and are not in `hunks`. */
  readonly left: number;
}

export interface Hunk {
  /** Number of its first line before and after, counted from 1. */
  readonly before: number;
  readonly after: number;
  /** Each begins with `-`, `+` or a space. */
  readonly lines: readonly string[];
}

/** What is in only one of them, and what is in both and differs: of maps, lists and policies. */
export interface PartsDifference {
  readonly kind: 'parts';
  readonly removed: readonly string[];
  readonly added: readonly string[];
  readonly changed: readonly { readonly name: string; readonly difference: ValueDifference }[];
  /** Parts that are not in these lists. */
  readonly left: number;
}

export interface ValueOptions {
  /** Characters of a line. @default 120 */
  readonly width?: number;
  /** Lines of a text, and parts of a value, that are given; the rest is counted. @default 40 */
  readonly lines?: number;
}

/** What both options are, after defaults. */
export interface Room {
  readonly width: number;
  readonly lines: number;
}
