import type { Project } from '../../config/project.ts';
import type { DeployPorts } from '../../deploy/ports.ts';

/** Something that is wrong, and what to do. */
export interface Finding {
  /** Stable, kebab-case, for scripts. */
  readonly check: string;
  /** One sentence that names the file, stack or operation. */
  readonly text: string;
  /** What a person does, where `--repair` cannot. */
  readonly next: string;
  /** Carries out what `--repair` may, keeping a copy in a folder; says what was done. @default - only people can */
  readonly repair?: (copies: string) => Promise<string>;
}

export interface Patient {
  /** The project's folder. */
  readonly root: string;
  readonly project: Project;
  readonly environment: NodeJS.ProcessEnv;
  readonly ports: DeployPorts;
}

/** Looks for one kind of trouble; never changes anything itself. */
export type Check = (patient: Patient) => Promise<readonly Finding[]>;
