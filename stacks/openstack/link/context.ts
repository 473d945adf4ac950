import { externalNetworkOf } from '../../../lib/config/choices.ts';
import { linkNameOf } from '../../../lib/config/link/name.ts';
import { type LinkPrefixes, linkPrefixes } from '../../../lib/config/link/prefixes.ts';
import { type LinkNetwork, linkNetworkOf } from '../../../lib/config/link/tunnels.ts';
import type { Named } from '../../../lib/config/project.ts';
import type { Cloud } from '../../../lib/config/schema/cloud.ts';
import type { Environment } from '../../../lib/config/schema/environment.ts';
import type { Link } from '../../../lib/config/schema/link.ts';
import type { Organisation } from '../../../lib/config/schema/organisation.ts';
import { noExternalNetwork } from '../../../lib/openstack/errors.ts';
import { ref, type TypedRef } from '../../../lib/stack/config-ref.ts';
import type { StackId } from '../../../lib/stack/id.ts';
import { type Ownership, ownershipMap, ownershipTags, ownershipText } from '../../../lib/stack/ownership.ts';

export interface LinkInputs {
  readonly organisation: Named<Organisation>;
  readonly cloud: Named<Cloud>;
  readonly environment: Named<Environment>;
  readonly link: Named<Link>;
}

/** What both stacks of a link are made from. */
export interface LinkContext {
  readonly cloud: Cloud;
  readonly link: Link;
  /** `link-main`: of network, router and, with what they are, ports and servers. */
  readonly name: string;
  readonly addresses: LinkNetwork;
  readonly prefixes: LinkPrefixes;
  /** Name of the network that gateways have their floating addresses of. */
  readonly external: string;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly refs: { readonly cloud: TypedRef<Cloud>; readonly link: TypedRef<Link> };
  /** A description that says whose the thing is. */
  readonly describe: (what: string) => string;
}

export function linkContextOf({ organisation, cloud, environment, link }: LinkInputs, stack: StackId): LinkContext {
  const { name: company, contact } = organisation.value.organisation;
  const ownership: Ownership = { organisation: company, owner: contact, environment: cloud.name, stack };
  const external = link.value.gateways.network ?? externalNetworkOf(cloud.value);
  if (external === undefined) throw noExternalNetwork(cloud.name);
  return {
    cloud: cloud.value,
    link: link.value,
    name: linkNameOf(link.name),
    addresses: linkNetworkOf(link.value),
    prefixes: linkPrefixes(link.value, cloud.value, environment.value),
    external,
    tags: ownershipTags(ownership),
    metadata: ownershipMap(ownership),
    refs: { cloud: ref('cloud', cloud.name), link: ref('link', link.name) },
    describe: (what) => ownershipText(what, ownership),
  };
}
