import { type AwsConnection, targetOf } from '../../aws-api/connection.ts';
import { withSecureParameters } from '../../aws-api/secure-parameter.ts';
import { connect } from '../../aws-api/session.ts';
import { BOOT_SECRETS, type BootSecretsNote, bootSecretsNoteSchema } from '../../stack/boot-secrets-note.ts';
import { partsOf } from '../../stack/id.ts';
import { LINK_PROJECT } from '../../stack/ownership.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import { type ProjectAccess, withProjectSecrets } from '../project-secrets.ts';
import { makeSecrets, removeLeaseSecrets, valuesOf } from './make.ts';
import type { Provided } from './provide.ts';

type Stack = Pick<SynthesizedStack, 'id' | 'text'>;

/** What instances of a stack on AWS read from parameters that Tandem writes, as its artefact says. Pure. */
export function notesIn({ text }: Pick<Stack, 'text'>): readonly BootSecretsNote[] {
  if (!text.includes(`"${BOOT_SECRETS}"`)) return [];
  type Noted = { readonly Metadata?: Readonly<Record<string, unknown>> };
  const { Resources = {} } = JSON.parse(text) as { readonly Resources?: Readonly<Record<string, Noted>> };
  return Object.values(Resources).flatMap(({ Metadata }) => {
    const said = Metadata?.[BOOT_SECRETS];
    return said === undefined ? [] : [bootSecretsNoteSchema.parse(said)];
  });
}

/**
 * Makes what the project's store does not have yet, and certificates that end soon, and writes each parameter that has other values. Instances
 * look for themselves, so nothing is told to them. Safe to repeat.
 */
export async function writeParameters(access: ProjectAccess, stack: Stack): Promise<Provided> {
  const values = new Map<string, string>();
  let made = 0;
  await withProjectSecrets(access, async (store) => {
    for (const { folder, parameter, needs } of notesIn(stack)) {
      const props = { lease: LINK_PROJECT, folder, store, needs: { [parameter]: needs }, now: () => new Date() };
      made += (await makeSecrets(props)).made;
      const own = Object.assign({}, ...Object.values(await valuesOf(props, needs))) as Record<string, string>;
      values.set(parameter, JSON.stringify(own));
    }
  });
  const offered: string[] = [];
  await withSecureParameters(await connectionOf(access, stack), async (parameters) => {
    for (const [name, value] of values) if (await parameters.put(name, value)) offered.push(name);
  });
  return { offered, others: [...values.keys()].filter((name) => !offered.includes(name)), made };
}

/** After the stack is gone: its parameters, and certificates that nobody else shows. What the trust has stays, with the other side. */
export async function removeParameters(access: ProjectAccess, stack: Stack): Promise<void> {
  const notes = notesIn(stack);
  await withSecureParameters(await connectionOf(access, stack), async (parameters) => {
    for (const { parameter } of notes) await parameters.remove(parameter);
  });
  await withProjectSecrets(access, async (store) => {
    for (const folder of new Set(notes.map((each) => each.folder)))
      await removeLeaseSecrets(store, { lease: LINK_PROJECT, folder });
  });
}

async function connectionOf({ project, environment }: ProjectAccess, { id }: Stack): Promise<AwsConnection> {
  const found = project.environments.get(partsOf(id).environment ?? '');
  if (found === undefined) throw new TypeError(`${id} has no environment; its engine asked for it before`);
  return await connect(targetOf(found), environment, '');
}
