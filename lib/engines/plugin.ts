import type { Project } from '../config/project.ts';
import type { Exchange } from '../plan/exchange.ts';
import type { BareChange } from '../plan/model.ts';
import type { SecretStore } from '../secrets/secret.ts';
import type { StackId } from '../stack/id.ts';
import type { EngineName, SynthesizedStack } from '../stack/synthesized.ts';
import type { StackTarget } from '../stack/target.ts';
import type { LineageStore } from '../state/lineage.ts';
import type { RecordStore } from '../state/record.ts';
import type { States } from '../state/states.ts';
import type { Versions } from '../state/versions.ts';
import type { Artefact, StackDefinition } from './definition.ts';
import type { Engine } from './engine.ts';
import type { Described, Existing } from './match-existing.ts';

/** What an engine needs in order to reach clouds. */
export interface EngineAccess {
  /** The project's root. */
  readonly root: string;
  readonly project: Project;
  /** The operator's environment. */
  readonly environment: NodeJS.ProcessEnv;
  /** Who acts, as `user@host`. */
  readonly operator: string;
  /** What was last applied. */
  readonly records: Pick<RecordStore, 'read'>;
  /** Whose states these are. */
  readonly lineage: LineageStore;
  /** What Terraform keeps of each stack, and earlier versions of it. */
  readonly states: States;
  readonly versions: Versions;
  /** How processes that keep their state where the organisation's is reach it. Holds secrets: for a process's environment alone. */
  readonly stateEnvironment: Readonly<Record<string, string>>;
  /** The project's secrets. Whoever opens them closes them. */
  readonly openSecrets: () => Promise<SecretStore>;
}

export interface WriteRequest<Definition> {
  readonly root: string;
  /** Every stack of the engine. */
  readonly definitions: readonly Definition[];
  /** Those to write; at least one. */
  readonly selected: readonly Definition[];
  /** Gives the selected ones, mostly from the cache. */
  readonly synthesize: () => Promise<readonly SynthesizedStack[]>;
  /** Whether edits by hand are lost. */
  readonly overwrite: boolean;
}

/** Something that stands in an engine's way, for `tandem doctor`. */
export interface Trouble {
  /** Stable, kebab-case. */
  readonly check: string;
  /** One sentence that names the program or file. */
  readonly text: string;
  readonly next: string;
}

/** What an engine looks for trouble in. */
export interface Diagnosis extends Pick<EngineAccess, 'root' | 'project' | 'environment'> {
  /** Stacks that somebody works on now: what is in their work folders is as it should be. */
  readonly busy: readonly StackId[];
}

/** Reads what exists, as another tool tells it. Pure. */
export interface ExistingReader {
  /** What a file must be, in a sentence: `the state of a Terraform root`. */
  readonly expected: string;
  /** Undefined where the text is something else. @throws SyntaxError where it is no JSON */
  existing(text: string): Promise<readonly Existing[] | undefined>;
  wanted(artefact: string): Promise<readonly Described[]>;
  /** Of attributes that an artefact writes otherwise, those that replace what was imported. @default - nothing is known of that */
  replacing?(type: string, attributes: readonly string[]): Promise<readonly string[]>;
  /** Attribute by type that names a resource. @default - `name` and `cidr` alone */
  identity?(): Promise<Readonly<Record<string, string>>>;
}

/**
 * All that is known of one kind of stack. Having the object loads no library of any cloud: what needs one is imported by the method
 * that is called.
 */
export interface EnginePlugin<Definition extends StackDefinition = StackDefinition> {
  /** Stands in records and plans: never renamed. */
  readonly name: EngineName;
  /** The stacks of this engine that a project asks for. */
  catalogue(project: Project): Definition[];
  /** Makes the artefacts of whole units. @param folder is for what the engine's library writes; the caller removes it */
  synthesize(definitions: readonly Definition[], folder: string): Promise<ReadonlyMap<StackId, Artefact>>;
  /** Writes all that the engine's own CLI writes for whole units into a folder. @default - nothing but the artefacts */
  assemble?(definitions: readonly Definition[], folder: string): Promise<void>;
  /** Where `write` puts a stack's artefact, relative to the project's root. */
  fileOf(stack: StackId): string;
  /** Writes artefacts with all that the engine's own CLI writes beside them. */
  write(request: WriteRequest<Definition>): Promise<void>;
  /**
   * What changes between two artefacts, without asking any cloud. An undefined side does not exist.
   * @param renewed names of what it takes, as `exchange` gives them, that get another value from other stacks
   */
  difference(before: string | undefined, after: string | undefined, renewed?: readonly string[]): Promise<BareChange[]>;
  /** What an artefact gives to other stacks, and takes from them. @default - nothing */
  exchange?(artefact: string): Exchange;
  /** What an artefact itself says of where it goes, in the words of `StackTarget`; for records that are older than theirs. @default - nothing */
  targetIn?(artefact: string): StackTarget;
  /** How what exists already is told, and compared with what an artefact asks for. @default - nothing is imported that way */
  readonly existing?: ExistingReader;
  /** Programs that are missing, and what runs have left. Changes nothing, asks no cloud. @default - nothing is looked for */
  diagnose?(diagnosis: Diagnosis): Promise<Trouble[]>;
  /** The engine itself; nothing is reached before its first call. */
  open(access: EngineAccess): Engine;
}
