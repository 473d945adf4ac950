/** The process in which the code of custom stacks runs. Started by `custom-process.ts`, with the folder for its answer. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TandemError } from '../errors/tandem-error.ts';
import { reasonOf } from '../stack/errors.ts';
import { ANSWER } from './apart.ts';
import { checkModules } from './check-modules.ts';
import { BEGUN, type CustomAnswer, type CustomRequest, fromPlain } from './custom-process.ts';
import type { Artefact } from './definition.ts';
import { describeStacks } from './load-custom.ts';
import { enginePlugins } from './plugins.ts';

const [folder = ''] = process.argv.slice(2);

async function answerTo(request: CustomRequest): Promise<CustomAnswer> {
  if (request.ask === 'check') {
    const begin = (file: string) => {
      writeFileSync(join(folder, BEGUN), file);
    };
    return { faults: checkModules(request.root, fromPlain(request.root, request.project), begin) };
  }
  if (request.ask === 'describe')
    return { stacks: describeStacks(request.root, fromPlain(request.root, request.project)) };
  const artefacts: (readonly [never, Artefact])[] = [];
  for (const plugin of enginePlugins()) {
    const own = request.definitions.filter((each) => each.engine === plugin.name);
    if (own.length === 0) continue;
    if (request.ask === 'assemble') await plugin.assemble?.(own, request.folder);
    else artefacts.push(...((await plugin.synthesize(own, join(request.folder, plugin.name))) as Map<never, Artefact>));
  }
  return { artefacts };
}

function failure(error: unknown): CustomAnswer {
  return error instanceof TandemError
    ? { error: { code: error.code, message: error.message, details: error.details } }
    : { error: { code: '', message: reasonOf(error), details: {} } };
}

const request = JSON.parse(readFileSync(0, 'utf8')) as CustomRequest;
const answer = await answerTo(request).catch(failure);
writeFileSync(join(folder, ANSWER), JSON.stringify(answer), { mode: 0o600 });
// What the code left open does not keep it alive.
process.exit();
