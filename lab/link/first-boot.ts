import type { FormedServer } from '../servers/server.ts';

const SECRETS = '/var/lib/tandem-bring-up/secrets';

export interface FirstBoot {
  readonly metadata: Readonly<Record<string, string>>;
  readonly userData: string;
  /** By component, by name. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What the drill adds before user data is run. @default - nothing */
  readonly before?: () => Promise<void>;
}

/** As a cloud does it: metadata, then user data at the first boot. Secrets are there already. */
export async function firstBoot(
  server: FormedServer,
  { metadata, userData, secrets, before }: FirstBoot,
): Promise<void> {
  await server.make();
  await server.tell({ uuid: server.name, name: server.name, availability_zone: server.zone, meta: metadata });
  await server.boot();
  await before?.();
  for (const [component, values] of Object.entries(secrets))
    for (const [name, value] of Object.entries(values)) await giveSecret(server, `${component}/${name}`, value);
  const script = '/var/lib/cloud/user-data.sh';
  await server.must(['sh', '-c', `mkdir -p /var/lib/cloud && cat >${script} && sh ${script}`], { input: userData });
}

/** Into the store of a server, as a boot token would. @param name with its component before it */
export async function giveSecret(server: FormedServer, name: string, value: string): Promise<void> {
  const path = `${SECRETS}/${name}`;
  await server.must(['sh', '-euc', `umask 077; mkdir -p $(dirname ${path}); cat >${path}`], { input: value });
}
