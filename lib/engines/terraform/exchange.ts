import { canonical } from '../../plan/difference/json.ts';
import type { Exchange, Given } from '../../plan/exchange.ts';
import type { BareChange } from '../../plan/model.ts';
import { isRecord } from '../../text/json.ts';
import { PLAIN } from './difference/diff-block.ts';
import { type Block, type Body, type Root, rootOf } from './difference/root.ts';

/** What is looked up by its name, and outputs that are read from another state. */
export function exchangeOfRoot(text: string): Exchange {
  const json = JSON.parse(text) as Body;
  return {
    gives: () => givenBy(json),
    takes: () => new Set([...lookUps(rootOf({ data: json['data'] }))].map(([, name]) => name)),
  };
}

function givenBy(json: Body): Map<string, readonly Given[]> {
  const blocks = [...rootOf(json).blocks.values()];
  const gives = new Map<string, readonly Given[]>();
  for (const block of blocks) {
    const name = block.kind === 'resource' ? nameOf(block) : undefined;
    if (name !== undefined) gives.set(name, [{ address: block.address }]);
  }
  const outputs = blocks.filter(({ kind }) => kind === 'output');
  const state = stateOf(json);
  if (state !== undefined)
    gives.set(
      state,
      outputs.map(({ address }) => ({ address, attribute: 'value' })),
    );
  return gives;
}

/** Data blocks that find something else although they are as they were. @param renewed names of what is taken */
export function renewedLookUps(root: Root, renewed: readonly string[]): BareChange[] {
  const change = { before: null, after: null, afterUnknown: true, sensitive: false, forcesReplacement: false };
  return [...lookUps(root)]
    .filter(([, name]) => renewed.includes(name))
    .map(([{ address, type }]) => ({
      ...{ ...PLAIN, address, type, action: 'update', attributes: [{ path: 'id', ...change }] },
      reasons: ['what it looks up is made anew'],
    }));
}

function* lookUps(root: Root): Iterable<[Block, string]> {
  for (const block of root.blocks.values()) {
    if (block.kind !== 'data') continue;
    const { backend, config } = block.body;
    const name = block.type === 'terraform_remote_state' ? `state ${canonical([backend, config])}` : nameOf(block);
    if (name !== undefined) yield [block, name];
  }
}

/** Resources and data of one type are the same things. */
function nameOf({ type, body }: Block): string | undefined {
  const name = body['name'];
  return typeof name === 'string' && !name.includes('${') ? `${type} ${name}` : undefined;
}

/** As those name it who read its outputs. */
function stateOf({ terraform }: Body): string | undefined {
  const [found] = isRecord(terraform) && isRecord(terraform['backend']) ? Object.entries(terraform['backend']) : [];
  return found === undefined ? undefined : `state ${canonical(found)}`;
}
