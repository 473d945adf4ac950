import { createRequire } from 'node:module';
import { Aspects, type TerraformStack } from 'cdktf';

/** The library's own serialisation, which it carries with it: the bytes are those of `cdktn synth`. */
const stringify = createRequire(createRequire(import.meta.url).resolve('cdktf'))('safe-stable-stringify') as (
  value: unknown,
  replacer: null,
  space: number,
) => string;

interface TokenMap {
  readonly stringTokenMap: Map<string, unknown>;
  readonly numberTokenMap: Map<number, unknown>;
}

/**
 * Has a stack's artefact handed over instead of written: files that are read once and removed took a third of the time of a large
 * synthesis. The library also resolves each stack twice, the first time only to find references to other stacks and what its
 * validations look for; once is enough where validations come after it. What the library does besides (aspects, annotations, moves) it
 * goes on doing itself, in a file. Not for stacks that refer to other stacks, or have custom synthesis of their own.
 */
export function synthesizeInMemory(stack: TerraformStack, onArtefact: (text: string) => void): void {
  const { synthesizer } = stack;
  const prepareStack = stack.prepareStack.bind(stack);
  stack.prepareStack = () => {
    stack.ensureBackendExists();
  };
  stack.synthesizer = {
    synthesize(session) {
      if (!isPlain(stack)) {
        prepareStack();
        synthesizer.synthesize(session);
        return;
      }
      const artefact: unknown = stack.toTerraform();
      if (session.skipValidation !== true) stack.runAllValidations();
      onArtefact(stringify(artefact, null, 2));
    },
  };
}

/**
 * Ends all tokens. The library keeps each for the life of the process, and with it the whole App that it is of: seen, 0.36 MB a lease. Its
 * counter goes on, so that a token which somebody kept is an error, and never means another value.
 */
export function forgetTokens(): void {
  const { __cdktfTokenMap: known } = globalThis as typeof globalThis & { __cdktfTokenMap?: TokenMap };
  known?.stringTokenMap.clear();
  known?.numberTokenMap.clear();
}

function isPlain(stack: TerraformStack): boolean {
  if (stack.hasResourceMove()) return false;
  return stack.node
    .findAll()
    .every(
      (node) =>
        Aspects.of(node).all.length === 0 && node.node.metadata.every(({ type }) => !type.startsWith('@cdktf/')),
    );
}
