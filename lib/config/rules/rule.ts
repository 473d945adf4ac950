import type { Problem } from '../diagnostic.ts';
import type { EntityKind, Project } from '../project.ts';

/** What a rule looks at: all that loaded, and the names of all that exists, loaded or not. */
export interface RuleInput extends Omit<Project, 'organisation'> {
  /** Undefined where `config/tandem.yaml` did not load; the rules that need it then say nothing. */
  readonly organisation: Project['organisation'] | undefined;
  /** Names of files by kind, those with errors included: a reference to a broken file is no unknown name. */
  readonly names: Readonly<Record<EntityKind, ReadonlySet<string>>>;
  /** The clock, passed in so that a check is a pure function. */
  readonly today: Date;
}

/** One rule: pure, and silent about whatever another rule or the shape already reports. */
export type Rule = (input: RuleInput) => Problem[];
