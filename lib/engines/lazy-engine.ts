import type { EngineName } from '../stack/synthesized.ts';
import type { Engine } from './engine.ts';

/** An engine that is loaded with its libraries when the first stack needs it. */
export function lazyEngine(name: EngineName, load: () => Promise<Engine>): Engine {
  let loaded: Promise<Engine> | undefined;
  const engine = (): Promise<Engine> => {
    loaded ??= load();
    return loaded;
  };
  return {
    name,
    assertIdentity: async (stacks, signal) => (await engine()).assertIdentity(stacks, signal),
    plan: async (stack, options) => (await engine()).plan(stack, options),
    async *apply(frozen, options) {
      yield* (await engine()).apply(frozen, options);
    },
    withKept: async (stack, changes) => (await (await engine()).withKept?.(stack, changes)) ?? changes,
    preflight: async (stack, changes, now) => (await (await engine()).preflight?.(stack, changes, now)) ?? [],
    discard: async (frozen) => (await engine()).discard(frozen),
    lineageOf: async (stack, signal) => (await engine()).lineageOf?.(stack, signal),
    mark: async (stack, own, options) => (await engine()).mark?.(stack, own, options),
    unmark: async (stack, signal) => (await engine()).unmark?.(stack, signal),
    lost: async (stack, signal) => (await engine()).lost?.(stack, signal),
    forget: async (stack, addresses) => (await engine()).forget?.(stack, addresses),
    drift: async (stack, options) => (await engine()).drift(stack, options),
    outputs: async (stack, options) => (await engine()).outputs(stack, options),
    readState: async (stack) => (await engine()).readState?.(stack),
    writeState: async (stack, text) => (await engine()).writeState?.(stack, text),
  };
}
