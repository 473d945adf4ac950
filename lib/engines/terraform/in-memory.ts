import { createRequire } from 'node:module';
import { Aspects, type TerraformStack } from 'cdktf';

/** The library's own serialisation, which it carries with it: the bytes are those of `cdktn synth`. */
const stringify = createRequire(createRequire(import.meta.url).resolve('cdktf'))('safe-stable-stringify') as (
  value: unknown,
  replacer: null,
  space: number,
) => string;

/**
 * Has a stack's artefact handed over instead of written: files that are read once and removed took a third of the time of a large
 * synthesis. What the library does besides (aspects, annotations, moves) it goes on doing itself, in a file. Not for stacks with
 * custom synthesis of their own.
 */
export function synthesizeInMemory(stack: TerraformStack, onArtefact: (text: string) => void): void {
  const { synthesizer } = stack;
  stack.synthesizer = {
    synthesize(session) {
      if (!isPlain(stack)) {
        synthesizer.synthesize(session);
        return;
      }
      if (session.skipValidation !== true) stack.runAllValidations();
      onArtefact(stringify(stack.toTerraform(), null, 2));
    },
  };
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
