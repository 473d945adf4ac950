import { buildCommand, buildRouteMap } from '@stricli/core';
import { secretReference } from '../../config/schema/common.ts';
import { noSecretGiven } from '../../secrets/errors.ts';
import { Secret, type SecretRef, type SecretStore } from '../../secrets/secret.ts';
import { type CommonFlags, commonFlags } from '../common-flags.ts';
import type { TandemContext } from '../context.ts';
import { requireProject } from '../workspace.ts';

async function openStore(context: TandemContext): Promise<SecretStore> {
  const { projectSecrets } = await import('../../state/project-stores.ts');
  return projectSecrets({ root: context.root(), project: requireProject(context), environment: context.process.env });
}

async function put(this: TandemContext, flags: CommonFlags, reference: SecretRef): Promise<void> {
  const store = await openStore(this);
  await store.put(reference, new Secret(await valueOf(this, flags, reference), reference));
  this.log(`${reference} is stored.\n`);
}

async function remove(this: TandemContext, _flags: CommonFlags, reference: SecretRef): Promise<void> {
  await (await openStore(this)).remove(reference);
  this.log(`${reference} is not stored any more.\n`);
}

/** Typed without an echo, or from a pipe less the one line break that a shell adds. Never an argument: others see those. */
async function valueOf(
  { process: { stdin, stderr } }: TandemContext,
  { nonInteractive }: CommonFlags,
  reference: string,
): Promise<string> {
  let value: string | undefined;
  if (!stdin.isTTY) {
    const chunks: Buffer[] = [];
    for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Uint8Array));
    value = Buffer.concat(chunks)
      .toString('utf8')
      .replace(/\r?\n$/, '');
  } else if (!nonInteractive) {
    const { password, isCancel } = await import('@clack/prompts');
    const answer = await password({ message: `Value of ${reference}`, output: stderr });
    value = isCancel(answer) ? undefined : answer;
  }
  if (value === undefined || value === '') throw noSecretGiven(reference);
  return value;
}

const reference = {
  parse: (text: string): SecretRef => {
    const found = secretReference.safeParse(text);
    if (!found.success) throw new SyntaxError(`got "${text}"; it is secret:NAME, in small letters, digits, / _ and -`);
    return found.data as SecretRef;
  },
  brief: 'As the configuration names it',
  placeholder: 'secret:NAME',
} as const;

const putCommand = buildCommand({
  func: put,
  parameters: { flags: commonFlags, positional: { kind: 'tuple', parameters: [reference] } },
  docs: {
    brief: 'Store a secret that the configuration refers to',
    fullDescription: [
      'Reads the value from standard input, or asks for it on a terminal without showing it. What was there is replaced.',
      '',
      'Examples:',
      '  tandem secret put secret:state-database',
      '  pass show tandem/state | tandem secret put secret:state-database',
    ].join('\n'),
  },
});

const removeCommand = buildCommand({
  func: remove,
  parameters: { flags: commonFlags, positional: { kind: 'tuple', parameters: [reference] } },
  docs: {
    brief: 'Remove a secret; one that is not there is no error',
    fullDescription: 'Examples:\n  tandem secret remove secret:state-database',
  },
});

export const secretRoutes = buildRouteMap({
  routes: { put: putCommand, remove: removeCommand },
  docs: { brief: 'The store behind `secret:` references: an encrypted file, opened by a key that the user has' },
});
