import type { ConfigPath } from '../../config/origin.ts';

/** A value that the tree does not say: a question for people, and what stands in while both sides are compared. */
export class Open {
  readonly question: string;
  readonly standIn: unknown;

  constructor(question: string, standIn: unknown) {
    this.question = question;
    this.standIn = standIn;
  }
}

/** The value as it is written: without what is open. */
export function answered(value: unknown): unknown {
  return mapped(value, () => undefined);
}

/** The value with something in each open place, so that it can be rendered. Never written. */
export function supposed(value: unknown): unknown {
  return mapped(value, ({ standIn }) => standIn);
}

/** What is open, by path. */
export function questionsIn(value: unknown, path: ConfigPath = []): [path: string, question: string][] {
  if (value instanceof Open) return [[path.join('.'), value.question]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => questionsIn(inner, [...path, key]));
}

function mapped(value: unknown, open: (each: Open) => unknown): unknown {
  if (value instanceof Open) return open(value);
  if (Array.isArray(value)) return value.map((each) => mapped(each, open));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, mapped(inner, open)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}
