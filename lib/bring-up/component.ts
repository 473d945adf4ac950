import type { z } from 'zod';
import type { LinkDiscovery } from '../config/link/discovery.ts';
import type { ComponentRule } from './rules.ts';

/**
 * A program that servers of a tier run, and all that Tandem knows of it: how it is installed, configured from real addresses, started,
 * asked whether it is well, drained and kept. A blueprint names it: `runs: { cassandra: { heapMiB: 4096 } }`. Values only, and pure
 * functions of them: what a server does with it is `program.ts`.
 */
export interface Component<S extends object = Readonly<Record<string, unknown>>> {
  /** As a blueprint names it. */
  readonly name: string;
  /** As its makers write it. */
  readonly title: string;
  /** One sentence for its page. */
  readonly description: string;
  /** Version that is installed, and where its documentation is. */
  readonly version: string;
  readonly home: string;
  /** What a blueprint may set: a strict object, each value with a default where one is possible. */
  readonly settings: z.ZodType<S>;
  readonly install: Install;
  /** Ports that it answers on. Those between members are open by themselves, those of clients to the tiers in `clients`. */
  ports(settings: S): readonly ComponentPort[];
  /** Tiers whose servers it has to know, its own among them where members speak to each other.
   * @param tier its own tier */
  peers(settings: S, tier: string): readonly string[];
  /**
   * What its files say and may change while it runs: texts and numbers by name. They stand in servers' metadata as
   * `<component>.<name>`, so that a change makes no new server; a file has them by `value('name')`. At most 255 characters each.
   */
  values(inputs: TierInputs<S>): Readonly<Record<string, string | number>>;
  /** Files with placeholders (`template.ts`). The same for every server of the tier: who a server is, it asks.
   * @remarks CAUTION: they stand in user data; a change of a file's text replaces the servers. */
  files(inputs: TierInputs<S>): readonly ComponentFile[];
  /** Units of systemd that are enabled and started, in this order, after the files are written. */
  units(settings: S): readonly string[];
  /** A command that ends with 0 when this member serves, within 10 s, run by root with `sh -c`; placeholders allowed. */
  health(settings: S): string;
  /** Members that must be there for it to take writes; undefined where each member serves alone. */
  quorum?(inputs: TierInputs<S>): Quorum | undefined;
  /** Folders with what must outlive a server, with owner and mode. The first lies on the tier's volume `data`, where there is one. */
  readonly data: readonly DataFolder[];
  /** Shell commands, run by root with `sh -c`; placeholders allowed. */
  readonly hooks: {
    /** Before a member stops on purpose: hands over what it leads and takes no more. @default - none, the unit is stopped */
    readonly drain?: string;
    /** Writes a backup into the folder `$BACKUP_DIRECTORY`. @default - nothing is kept */
    readonly backup?: string;
  };
  /** Secrets that it needs: one value a lease and component, made by Tandem; in files by `secret('name')`. @default - none */
  readonly secrets?: readonly ComponentSecret<S>[];
  /** Name of a trust of the project: its secrets that others share are those of every lease which names the same. @default - the lease's own */
  trust?(inputs: TierInputs<S>): string | undefined;
  /** What was seen of it when it ran for real: sentences for the pages of blueprints. @default - it was not run */
  readonly evidence?: string;
  /** Whether its settings ask for the discovery of the link that the environment is joined to. @default - it does not */
  asksDiscovery?(settings: S): boolean;
  /** What is wrong with the settings on this tier, beyond what their schema says. @default - nothing */
  check?(inputs: TierInputs<S>): readonly Finding[];
}

/** How a component comes onto Debian 12, again and again the same. */
export interface Install {
  /** Debian's packages, installed without what they merely recommend. Their services do not start by themselves. */
  readonly packages: readonly string[];
  /** Files from elsewhere, each known by its checksum. @default - none */
  readonly artefacts?: readonly Artefact[];
  /** System users that no package makes. @default - none */
  readonly users?: readonly string[];
  /** Shell commands at the end, by root; they must be safe to repeat. @default - none */
  readonly afterwards?: string;
}

export interface Artefact {
  /** Whose mirror it comes from: a cloud may name its own under `mirrors`. */
  readonly from: 'maven' | 'hashicorp' | 'apache' | 'github' | 'npm';
  /** Path below the mirror. */
  readonly path: string;
  /** In hexadecimal digits. */
  readonly sha256: string;
  /** Folder that it is unpacked into, or file that it becomes. */
  readonly to: string;
  /** @default 'file' */
  readonly unpack?: 'file' | 'tar.gz' | 'zip';
  /** Shell test; where it ends with 0 the artefact is there already, as in an image. @default - `to` and its checksum are looked at */
  readonly unless?: string;
}

export interface ComponentPort {
  /** `cql`, `gossip`. */
  readonly name: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  /**
   * `members`: servers of the tier; `clients`: the peers in the setting `clients`; `discovery`: everybody whom the discovery of the link
   * reaches in the cloud; `local`: nobody else.
   */
  readonly from: 'members' | 'clients' | 'discovery' | 'local';
}

/** What is known of a tier when its files are rendered, on any machine the same. */
export interface TierInputs<S> {
  readonly settings: S;
  /** Name of the tier, e.g. `cassandra`. */
  readonly tier: string;
  readonly environment: string;
  /** DNS zone of the environment, e.g. `alice.dev.example.org`. */
  readonly zone: string;
  /** Addresses that serve the zone of the cloud, under which every environment has its own. @default - the cloud tells none */
  readonly nameServers?: readonly string[];
  /** Servers of the tier. */
  readonly count: number;
  /** Zones of the cloud, in their order. */
  readonly zones: readonly string[];
  readonly flavor: { readonly vcpus: number; readonly memoryMiB: number; readonly diskGiB: number };
  /** Servers of every tier of the environment, by tier. */
  readonly counts: Readonly<Record<string, number>>;
  /** Which components every tier runs, with their settings. */
  readonly runs: Readonly<Record<string, Readonly<Record<string, object>>>>;
  /** Of the link that the environment is joined to. @default - it is joined to none, or to one without discovery */
  readonly discovery?: LinkDiscovery | undefined;
}

export interface ComponentFile {
  /** Absolute path. */
  readonly path: string;
  readonly content: string;
  /** @default '0644' */
  readonly mode?: string;
  /** `user:group`. @default 'root:root' */
  readonly owner?: string;
  /**
   * What a changed file asks of the running component: `none` where it reads it anew by itself. Members take turns to restart, and none to
   * reload: who reloads keeps serving, so that nobody is away, and turns would only keep members with different settings beside each other
   * for longer. @default 'restart' @remarks CAUTION: a unit without `ExecReload` is restarted by `reload`, on all members at once.
   */
  readonly onChange?: 'none' | 'reload' | 'restart';
}

export interface Quorum {
  /** Members that vote: the first of the tier by their index. */
  readonly members: number;
  /** Of these, how many must be there for an acknowledged write. */
  readonly needed: number;
}

export interface DataFolder {
  readonly path: string;
  readonly owner: string;
  /** @default '0750' */
  readonly mode?: string;
}

export type ComponentSecret<S extends object = object> = PlainSecret | CertificateSecret<S>;

export interface PlainSecret {
  readonly name: string;
  /** `password`: 32 letters and digits; `key32`: 32 random bytes in Base64. */
  readonly kind: 'password' | 'key32';
  /** Component of the same lease whose secret of this name it is, where two programs share one. @default - its own */
  readonly of?: string;
}

/** An authority that signs nothing else, and a certificate for TLS from it: in files `secret('<name>.authority')`, `.certificate`, `.key`, each in PEM. */
export interface CertificateSecret<S extends object = object> {
  readonly name: string;
  readonly kind: 'certificate';
  /** Component of the same lease whose authority signs it; the certificate is always its own. @default - its own */
  readonly of?: string;
  /** Names in DNS that it is for. */
  names(inputs: TierInputs<S>): readonly string[];
}

/** The names by which files have a secret. */
export function secretNames({ name, kind }: Pick<ComponentSecret, 'name' | 'kind'>): readonly string[] {
  return kind === 'certificate' ? [`${name}.authority`, `${name}.certificate`, `${name}.key`] : [name];
}

export interface Finding {
  /** Where it is wrong: a setting, or what the tier says. */
  readonly at: readonly ['settings', ...(string | number)[]] | readonly ['count'] | readonly ['flavor'];
  readonly code: ComponentRule;
  readonly message: string;
  readonly fix: string;
}

/** A component with its settings' type, checked where it is written. */
export function defineComponent<S extends object>(component: Component<S>): Component<S> {
  return component;
}
