import { z } from 'zod';
import type { CommandResult, HostCommand } from '../members/ports.ts';

/** What a host tells of itself. */
export interface HostSurvey {
  /** Differs after each boot. */
  readonly bootId: string;
  readonly containers: readonly ContainerState[];
  /** Answers to commands, in the order in which they were asked. */
  readonly answers: readonly CommandResult[];
}

export interface ContainerState {
  readonly name: string;
  /** With its tag. */
  readonly image: string;
  /** As the engine says: `running`, `exited`, `restarting`. */
  readonly state: string;
  /** `healthy`, `unhealthy`, `starting`; null where it has no health check. */
  readonly health: string | null;
  /** Its files in /etc/kolla are newer than its start: it runs with others. */
  readonly isStale: boolean;
}

/** Asks many hosts at once. */
export interface HostSurveys {
  /**
   * One run for all hosts. A host that did not answer in time is left out of the answer; what it was asked is not repeated.
   * @param commands more to ask of these hosts; each is safe to repeat
   * @throws TandemError `no-ansible`
   */
  survey(
    hosts: readonly string[],
    commands: readonly HostCommand[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, HostSurvey>>;
}

const answer = z.strictObject({ code: z.number(), stdout: z.string(), stderr: z.string() });
const schema = z.strictObject({
  bootId: z.string(),
  containers: z.array(
    z.strictObject({
      name: z.string(),
      image: z.string(),
      state: z.string(),
      health: z.string().nullable(),
      isStale: z.boolean(),
    }),
  ),
  answers: z.array(answer),
});

/** What the script of a survey printed; undefined where that is no answer. */
export function readSurvey(stdout: string): HostSurvey | undefined {
  try {
    const { success, data } = schema.safeParse(JSON.parse(stdout));
    return success ? data : undefined;
  } catch {
    return undefined;
  }
}
