import { hash } from 'node:crypto';
import { printable } from '../../../text/printable.ts';

/** What a log is about: one rule, what it found, and where. */
export interface SarifResult {
  /** Stable, kebab-case. */
  readonly rule: string;
  readonly level: 'error' | 'warning' | 'note';
  readonly message: string;
  /** A line of the project, its file relative to the root. */
  readonly at?: { readonly file: string; readonly line: number; readonly column?: number };
  /** What it is about, where that is no line: a resource of a stack. */
  readonly about?: { readonly stack?: string; readonly address: string };
  /** Why it is accepted. */
  readonly accepted?: string;
}

export interface SarifContext {
  /** Version of Tandem. */
  readonly version: string;
  /** Folder of the project in its repository, whose root file names of a log are relative to; empty for the root. */
  readonly prefix: string;
}

export interface SarifLog extends SarifContext {
  /** What kind of run: results replace those of the last run of this kind. `tandem/plan`. */
  readonly kind: string;
  /** A sentence for each rule that has one; others are said by their name. */
  readonly rules: Readonly<Record<string, string>>;
  readonly results: readonly SarifResult[];
}

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
/** Longer texts were not written for people. */
const LONGEST = 2_000;

/** SARIF 2.1.0, as code scanning of the forges reads it. The same results give the same text. */
export function sarifText({ version, kind, prefix, rules, results }: SarifLog): string {
  const ids = [...new Set(results.map(({ rule }) => rule))].sort();
  const seen = new Map<string, number>();
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Tandem', semanticVersion: version, rules: ids.map((id) => ruleOf(id, rules[id])) } },
        automationDetails: { id: `${kind}/` },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { SRCROOT: { description: { text: 'The root of the repository.' } } },
        results: results.map((result) => ({
          ruleId: shown(result.rule),
          ruleIndex: ids.indexOf(result.rule),
          level: result.level,
          message: { text: shown(result.message) },
          locations: locationsOf(result, prefix),
          partialFingerprints: fingerprintsOf(result, seen),
          ...(result.accepted === undefined
            ? {}
            : { suppressions: [{ kind: 'external', status: 'accepted', justification: shown(result.accepted) }] }),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 1)}\n`;
}

function ruleOf(id: string, sentence: string | undefined): object {
  return { id: shown(id), ...(sentence === undefined ? {} : { shortDescription: { text: sentence } }) };
}

function locationsOf({ at, about }: SarifResult, prefix: string): object[] {
  const logical =
    about === undefined
      ? {}
      : {
          logicalLocations: [
            {
              name: shown(about.address),
              fullyQualifiedName: shown([about.stack, about.address].filter(Boolean).join(' ')),
              kind: 'resource',
            },
          ],
        };
  const physical =
    at === undefined || at.file.length > LONGEST
      ? {}
      : {
          physicalLocation: {
            artifactLocation: { uri: uriOf(prefix, at.file), uriBaseId: 'SRCROOT' },
            region: { startLine: at.line, ...(at.column === undefined ? {} : { startColumn: at.column }) },
          },
        };
  return at === undefined && about === undefined ? [] : [{ ...physical, ...logical }];
}

function uriOf(prefix: string, file: string): string {
  const path = prefix === '' ? file : `${prefix}/${file}`;
  return path.toWellFormed().split('/').map(encodeURIComponent).join('/');
}

/** The same finding has the same fingerprint in every run, whatever lines stand above it now. */
function fingerprintsOf({ rule, about, at }: SarifResult, seen: Map<string, number>): object {
  const place = about === undefined ? [at?.file] : [about.stack, about.address];
  const key = hash('sha256', JSON.stringify([rule, ...place])).slice(0, 32);
  const count = (seen.get(key) ?? 0) + 1;
  seen.set(key, count);
  const print = `${key}:${count}`;
  // The second is the one that GitHub asks for.
  return { 'tandem/v1': print, primaryLocationLineHash: print };
}

/** Text that is shown as it is: in messages, brackets would be links. */
function shown(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST).toWellFormed()}…` : text;
  return printable(short).replace(/\[(?=[^\]]*\]\()/g, '\\[');
}
