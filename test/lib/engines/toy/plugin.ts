/** A whole engine in one file, as an example of what a new one must have: its cloud is a map in memory. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Named } from '../../../../lib/config/project.ts';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { filesOf, named, type StackDefinition } from '../../../../lib/engines/definition.ts';
import type { Engine } from '../../../../lib/engines/engine.ts';
import type { EnginePlugin } from '../../../../lib/engines/plugin.ts';
import type { BareChange } from '../../../../lib/plan/model.ts';
import { ref } from '../../../../lib/stack/config-ref.ts';
import { artefactName, StackId } from '../../../../lib/stack/id.ts';

interface ToyDefinition extends StackDefinition {
  readonly inputs: { readonly cloud: Named<Cloud> };
}

const ADDRESS = 'toy_box.box';
const fileOf = (stack: StackId): string => `toy.out/${artefactName(stack)}.json`;

function diffToy(before: string | undefined, after: string | undefined): BareChange[] {
  if (before === after) return [];
  const action = before === undefined ? 'create' : after === undefined ? 'delete' : 'update';
  return [
    {
      ...{ address: ADDRESS, type: 'toy_box', action, reasons: [], noise: false, restarts: [], findings: [] },
      attributes: [
        {
          ...{ path: 'text', before: before ?? null, after: after ?? null },
          ...{ afterUnknown: false, sensitive: false, forcesReplacement: false },
        },
      ],
    },
  ];
}

/** @param cloud what exists, by stack */
export function toyPlugin(cloud: Map<string, string>): EnginePlugin<ToyDefinition> {
  const engine: Engine = {
    name: 'toy',
    assertIdentity: () => Promise.resolve(new Map()),
    async plan(stack, { destroy }) {
      const changes = diffToy(cloud.get(stack.id), destroy ? undefined : stack.text).map((change) => ({
        ...change,
        source: null,
      }));
      const status = changes.length > 0 ? 'changed' : 'unchanged';
      const plan = { id: stack.id, engine: 'toy', status, changes, unresolvedInputs: [], drift: [] } as const;
      return { stack, plan, destroy, hasEffect: changes.length > 0, handle: undefined };
    },
    async *apply({ stack, destroy }) {
      const action = destroy ? 'delete' : 'create';
      const event = { kind: 'resource', stack: stack.id, address: ADDRESS, action } as const;
      yield { ...event, phase: 'start', seconds: 0 };
      if (destroy) cloud.delete(stack.id);
      else cloud.set(stack.id, stack.text);
      yield { ...event, phase: 'done', seconds: 0 };
    },
    discard: () => Promise.resolve(),
    async drift({ id, text }) {
      const drift = diffToy(text, cloud.get(id)).map((change) => ({ ...change, source: null }));
      return { id, engine: 'toy', status: 'unchanged', changes: [], unresolvedInputs: [], drift };
    },
    outputs: async ({ id }) => ({ text: { value: cloud.get(id), sensitive: false } }),
  };
  return {
    name: 'toy',
    catalogue: (project) =>
      [...project.clouds.values()].map((entity): ToyDefinition => {
        const id = StackId.of('toy', entity.name);
        return {
          ...{ id, unit: id, engine: 'toy', kind: 'box', dependsOn: [], unresolvedInputs: [] },
          ...{ files: filesOf(entity), target: {}, inputs: { cloud: named(entity) } },
        };
      }),
    async synthesize(definitions) {
      return new Map(
        definitions.map(({ id, inputs: { cloud: entity } }) => [
          id,
          {
            text: JSON.stringify({ layout: entity.value.layout }),
            citations: { [ADDRESS]: [ref('cloud', entity.name).at('layout')] },
          },
        ]),
      );
    },
    fileOf,
    async write({ root, synthesize }) {
      for (const { id, text } of await synthesize()) {
        mkdirSync(dirname(join(root, fileOf(id))), { recursive: true });
        writeFileSync(join(root, fileOf(id)), text);
      }
    },
    difference: (before, after) => Promise.resolve(diffToy(before, after)),
    open: () => engine,
  };
}
