import { z } from 'zod';
import type { ServerSecrets } from '../../components/boot-secrets.ts';
import { linkDiscovery } from '../../config/link/discovery.ts';
import { type Entity, linkOf } from '../../config/project.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import type { EnvironmentUser } from '../../openstack-api/cloud-api.ts';
import type { BootSecrets } from '../../secrets/boot-secrets.ts';
import { noBootSecrets, noVaultToken } from '../../secrets/errors.ts';
import { Secret, type SecretRef, type SecretStore } from '../../secrets/secret.ts';
import { serverSecretsSchema } from '../../stack/boot-secrets-note.ts';
import { artefactName, partsOf, StackId } from '../../stack/id.ts';
import { LINK_PROJECT, projectNameOf } from '../../stack/ownership.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import { type ProjectAccess, withProjectSecrets } from '../project-secrets.ts';
import { removeLeaseSecrets } from './make.ts';
import { notesIn, removeParameters, writeParameters } from './parameters.ts';
import { type Provided, provideBootSecrets } from './provide.ts';

type Stack = Pick<SynthesizedStack, 'id' | 'text'>;

/** Hands the servers of a lease their secrets; of stacks that need none, nothing is asked. */
export interface BootSecretsPort {
  /** After the stack was applied, or values of the store were changed that its servers have. @throws TandemError `no-boot-secrets` where its cloud does not say how */
  provide(stack: Stack, signal: AbortSignal, changed?: ReadonlySet<SecretRef>): Promise<Provided>;
  /** After the stack is gone: its secrets, and in whose name its servers asked for them. */
  forget(stack: Stack, signal: AbortSignal): Promise<void>;
}

const NOBODY: Provided = { offered: [], others: [], made: 0 };

const needsSchema = z.looseObject({
  '//': z.looseObject({ bootSecrets: z.record(z.string(), serverSecretsSchema) }),
});

/** What each server of a stack needs, as its artefact says beside what Terraform reads; undefined where nothing. Pure. */
export function needsOf({ text }: Pick<Stack, 'text'>): Readonly<Record<string, ServerSecrets>> | undefined {
  if (!text.includes('"bootSecrets"')) return undefined;
  const { data } = needsSchema.safeParse(JSON.parse(text));
  return data?.['//'].bootSecrets;
}

/** Whether servers or instances of a stack have to get secrets. Pure. */
export function needsSecrets(stack: Stack): boolean {
  return needsOf(stack) !== undefined || notesIn(stack).length > 0;
}

/** Over the project's secret store and the service that the cloud of the lease names. */
export function openBootSecrets(access: ProjectAccess): BootSecretsPort {
  return {
    async provide(stack, signal, changed = new Set()) {
      if (notesIn(stack).length > 0) return told(access, 'the link', await writeParameters(access, stack));
      const needs = needsOf(stack);
      const place = placeOf(access, stack);
      if (needs === undefined || place === undefined) return NOBODY;
      const { lease, folder, project: own, cloud } = place;
      const settings = cloud.value.bootSecrets;
      if (settings === undefined) throw noBootSecrets(ownerOf(place), cloud.name, componentsOf(needs));
      const { openCloud } = await import('../../openstack-api/open-cloud.ts');
      const { bootServers } = await import('../../openstack-api/boot-servers.ts');
      const { OpenStackCloud } = await import('../../openstack-api/openstack-cloud.ts');
      const client = openCloud(access, cloud).client.until(signal);
      const api = new OpenStackCloud(client, { name: cloud.name, entry: cloud.value.endpoint.cloudsYaml });
      const projects = await api.projects(cloud.value.endpoint.domain);
      const project = projects.find(({ name }) => name === own);
      if (project === undefined) return NOBODY;
      const provided = await withProjectSecrets(access, async (store) =>
        provideBootSecrets({
          ...{ lease: lease ?? LINK_PROJECT, folder, needs, store, changed },
          bootSecrets: await serviceOf(access, { ...place, stack, store, projectId: project.id, signal }),
          servers: bootServers(client, project.id),
          now: () => new Date(),
          ttlSeconds: settings.minutes * 60,
        }),
      );
      return told(access, ownerOf(place), provided);
    },
    async forget(stack, signal) {
      if (notesIn(stack).length > 0) {
        await removeParameters(access, stack);
        return;
      }
      const place = placeOf(access, stack);
      if (place === undefined || needsOf(stack) === undefined) return;
      const { lease, folder } = place;
      // The other side of a link has its keys too.
      if (lease !== undefined || folder !== undefined)
        await withProjectSecrets(access, (store) =>
          removeLeaseSecrets(store, { lease: lease ?? LINK_PROJECT, folder }),
        );
      if (place.cloud.value.bootSecrets?.service !== 'barbican') return;
      const { openCloud } = await import('../../openstack-api/open-cloud.ts');
      const { EnvironmentUsers } = await import('../../openstack-api/environment-users.ts');
      const client = openCloud(access, place.cloud).client.until(signal);
      await new EnvironmentUsers(client, place.cloud.name).remove(bootUser(access, place, stack));
    },
  };
}

function told({ project, warn }: ProjectAccess, owner: string, provided: Provided): Provided {
  const { store, path } = project.organisation.value.secrets;
  if (provided.made > 0 && store === 'file')
    warn?.(`secrets of ${owner} were made or renewed: commit ${path}, without which nobody else can deploy it`);
  return provided;
}

interface Place {
  /** Undefined for the link of a cloud, whose secrets have names of their own in the store. */
  readonly lease: string | undefined;
  /** Where the store has what is the stack's alone. @default - what its lease has; the gateways of a link have nothing */
  readonly folder?: string | undefined;
  /** Name of its project. */
  readonly project: string;
  /** In whose name its servers ask Barbican. */
  readonly user: string;
  readonly cloud: Entity<Cloud>;
}

function placeOf({ project }: ProjectAccess, { id }: Stack): Place | undefined {
  const { lease, owner, cloud } = partsOf(id);
  const found = project.clouds.get(cloud ?? '');
  if (found === undefined) return undefined;
  const ofLink = { lease: undefined, project: LINK_PROJECT, cloud: found };
  if (id === StackId.link(owner)) return { ...ofLink, user: `boot-${LINK_PROJECT}` };
  if (id === StackId.linkDiscovery(owner))
    return { ...ofLink, user: `boot-${LINK_PROJECT}-discovery`, folder: discoveryFolder(project, found.name) };
  return lease === undefined
    ? undefined
    : { lease, project: projectNameOf(lease), user: `boot-${projectNameOf(lease)}`, cloud: found };
}

/** Of certificates: the authority and the gossip key are the trust's. Undefined where the link, or its discovery, is gone. */
function discoveryFolder({ links }: ProjectAccess['project'], cloud: string): string | undefined {
  const link = linkOf(links, cloud);
  const datacenter = link === undefined ? undefined : linkDiscovery(link)?.cloud.datacenter;
  return link === undefined || datacenter === undefined ? undefined : `link/${link.name}/${datacenter}`;
}

function ownerOf({ lease, cloud }: Place): string {
  return lease === undefined ? `the link of ${cloud.name}` : `lease ${lease}`;
}

/** In whose name the servers of a lease ask Barbican: nobody who works in its project, so that no session of theirs ends. */
function bootUser({ project }: ProjectAccess, place: Place, { id }: Stack): EnvironmentUser {
  const organisation = project.organisation.value.organisation.name;
  return {
    name: place.user,
    domain: place.cloud.value.endpoint.domain,
    description: `servers of ${ownerOf(place)} at boot (${organisation}, ${artefactName(id)})`,
  };
}

async function serviceOf(
  access: ProjectAccess,
  place: Place & {
    readonly stack: Stack;
    readonly store: SecretStore;
    readonly projectId: string;
    readonly signal: AbortSignal;
  },
): Promise<BootSecrets> {
  const { cloud, stack, store, projectId, signal } = place;
  const { url, token: reference } = cloud.value.bootSecrets ?? {};
  if (url === undefined) {
    const { openCloud } = await import('../../openstack-api/open-cloud.ts');
    const { barbicanBootSecrets } = await import('../../openstack-api/barbican-boot-secrets.ts');
    const client = openCloud(access, cloud).client.until(signal);
    const { region } = cloud.value.endpoint;
    const user = bootUser(access, place, stack);
    return barbicanBootSecrets({ client, cloud: cloud.name, region, user, projectId });
  }
  const { vaultBootSecrets } = await import('../../secrets/vault-boot-secrets.ts');
  const given = access.environment['VAULT_TOKEN'];
  return vaultBootSecrets({
    url: url.replace(/\/+$/, ''),
    signal,
    async token() {
      if (reference !== undefined)
        return await store.use(reference as `secret:${string}`, (own) => Promise.resolve(own));
      if (given === undefined || given === '') throw noVaultToken(url);
      return new Secret(given, 'secret:vault-token');
    },
  });
}

function componentsOf(needs: Readonly<Record<string, ServerSecrets>>): readonly string[] {
  return [...new Set(Object.values(needs).flatMap((own) => Object.keys(own)))].sort();
}
