import type { Citation } from '../stack/cite.ts';

/** What an engine's builder gives for one stack. */
export interface Artefact {
  /** JSON text, byte for byte as the engine's own CLI writes it. */
  readonly text: string;
  /** By resource address. */
  readonly citations: Readonly<Record<string, readonly Citation[]>>;
}
