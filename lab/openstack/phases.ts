/** A piece of work, and what has to be finished before it. */
export interface Phase {
  readonly name: string;
  readonly after: readonly string[];
  /** Resolves with what to say of it, if anything. */
  readonly run: (signal: AbortSignal) => Promise<string | undefined>;
}

export interface PhaseReporter {
  started(name: string): void;
  /** The first failure; the phases that it ended are not reported. */
  failed(name: string): void;
  finished(name: string, seconds: number, detail: string | undefined): void;
}

/** Phases in waves, each wave needing only earlier ones; throws for an unknown or circular dependency. */
export function planWaves(phases: readonly Pick<Phase, 'name' | 'after'>[]): readonly (readonly string[])[] {
  const known = new Set(phases.map(({ name }) => name));
  for (const { name, after } of phases) {
    const unknown = after.find((dependency) => !known.has(dependency));
    if (unknown !== undefined) throw new Error(`phase ${name} depends on ${unknown}, which does not exist`);
  }
  const waves: string[][] = [];
  const done = new Set<string>();
  while (done.size < phases.length) {
    const wave = phases.filter(
      ({ name, after }) => !done.has(name) && after.every((dependency) => done.has(dependency)),
    );
    if (wave.length === 0) throw new Error('phases depend on each other in a cycle');
    waves.push(wave.map(({ name }) => name));
    for (const { name } of wave) done.add(name);
  }
  return waves;
}

/** Runs every phase as soon as what it needs is finished. The first failure ends the others, and is thrown once they ended. */
export async function runPhases(
  phases: readonly Phase[],
  reporter: PhaseReporter,
  outer: AbortSignal,
): Promise<Readonly<Record<string, number>>> {
  planWaves(phases);
  const inner = new AbortController();
  const signal = AbortSignal.any([outer, inner.signal]);
  const running = new Map<string, Promise<void>>();
  const seconds: Record<string, number> = {};
  const failures: Error[] = [];

  const start = async (phase: Phase): Promise<void> => {
    await Promise.all(phase.after.map(async (name) => running.get(name)));
    if (signal.aborted) return;
    const begun = performance.now();
    reporter.started(phase.name);
    try {
      const detail = await phase.run(signal);
      const took = Math.round((performance.now() - begun) / 100) / 10;
      seconds[phase.name] = took;
      reporter.finished(phase.name, took, detail);
    } catch (error) {
      if (failures.length === 0 && !outer.aborted) reporter.failed(phase.name);
      failures.push(error instanceof Error ? error : new Error(String(error)));
      inner.abort(error);
    }
  };
  // In waves, so that the promises a phase waits for exist when it is started.
  const byName = new Map(phases.map((phase) => [phase.name, phase]));
  for (const name of planWaves(phases).flat()) {
    const phase = byName.get(name);
    if (phase !== undefined) running.set(name, start(phase));
  }
  await Promise.all(running.values());
  const [failure] = failures;
  if (failure !== undefined) throw failure;
  outer.throwIfAborted();
  return seconds;
}
