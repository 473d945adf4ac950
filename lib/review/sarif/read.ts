import { z } from 'zod';
import { messageOf } from '../../errors/tandem-error.ts';
import { notSarif } from './errors.ts';

/** What another program found in a file, as its log says. */
export interface ForeignFinding {
  /** `checkov/CKV_AWS_18`: with the name of the program. */
  readonly rule: string;
  readonly tool: string;
  readonly message: string;
  /** Path of the file, as the program wrote it; empty where it names none. */
  readonly file: string;
  /** Counted from 1; undefined where it names the file as a whole. */
  readonly line?: number;
  readonly column?: number;
  /** What it calls the resource. */
  readonly names: readonly string[];
}

/** What is read of a log; whatever else is in it is left alone. */
const artifactLocation = z.object({
  uri: z.string().optional(),
  uriBaseId: z.string().optional(),
  index: z.int().optional(),
});
const location = z.object({
  physicalLocation: z
    .object({
      artifactLocation: artifactLocation.optional(),
      region: z.object({ startLine: z.int().optional(), startColumn: z.int().optional() }).optional(),
    })
    .optional(),
  logicalLocations: z
    .array(z.object({ name: z.string().optional(), fullyQualifiedName: z.string().optional() }))
    .optional(),
});
const result = z.object({
  ruleId: z.string().optional(),
  ruleIndex: z.int().optional(),
  rule: z.object({ id: z.string().optional(), index: z.int().optional() }).optional(),
  kind: z.string().optional(),
  level: z.string().optional(),
  baselineState: z.string().optional(),
  message: z.object({ text: z.string().optional(), markdown: z.string().optional() }).optional(),
  locations: z.array(location).optional(),
  suppressions: z.array(z.object({ status: z.string().optional() })).optional(),
});
const run = z.object({
  tool: z.object({
    driver: z.object({ name: z.string().min(1), rules: z.array(z.object({ id: z.string() })).optional() }),
  }),
  // `null`: the program did not run to its end, and so has no results.
  results: z.array(result).nullable().optional(),
  artifacts: z.array(z.object({ location: artifactLocation.optional() })).optional(),
  originalUriBaseIds: z.record(z.string(), artifactLocation).optional(),
});
const log = z.object({ version: z.literal('2.1.0'), runs: z.array(run) });

type Run = z.infer<typeof run>;
type Result = z.infer<typeof result>;

/**
 * Findings of a log in SARIF 2.1.0; what passed, is suppressed or gone is left out.
 * @param file - Its name, for people.
 * @throws TandemError `not-sarif`
 */
export function readSarif(file: string, text: string): ForeignFinding[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw notSarif(file, `it is no JSON: ${messageOf(error)}`);
  }
  const found = log.safeParse(parsed);
  if (!found.success) {
    const [issue] = found.error.issues;
    throw notSarif(file, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'has another shape'}`);
  }
  for (const each of found.data.runs)
    if (each.results === null)
      throw notSarif(file, `the run of ${each.tool.driver.name} did not end, and has no results`);
  return found.data.runs.flatMap((each) =>
    (each.results ?? []).filter(isFinding).flatMap((one) => findingsOf(each, one)),
  );
}

function isFinding({ kind = 'fail', level, baselineState, suppressions = [] }: Result): boolean {
  const isSuppressed = suppressions.some(({ status = 'accepted' }) => status === 'accepted');
  return kind === 'fail' && level !== 'none' && baselineState !== 'absent' && !isSuppressed;
}

/** A result that names several places is as many findings. */
function findingsOf(run: Run, found: Result): ForeignFinding[] {
  const { name, rules = [] } = run.tool.driver;
  const tool = name.toLowerCase();
  const id = found.ruleId ?? found.rule?.id ?? rules[found.ruleIndex ?? found.rule?.index ?? -1]?.id ?? 'unnamed';
  const message = found.message?.text ?? found.message?.markdown ?? id;
  const places = found.locations === undefined || found.locations.length === 0 ? [{}] : found.locations;
  return places.map((place) => ({ rule: `${tool}/${id}`, tool, message, ...placeOf(run, place) }));
}

function placeOf(
  run: Run,
  { physicalLocation, logicalLocations = [] }: z.infer<typeof location>,
): Pick<ForeignFinding, 'file' | 'line' | 'column' | 'names'> {
  const { startLine, startColumn } = physicalLocation?.region ?? {};
  return {
    file: pathOf(run, physicalLocation?.artifactLocation),
    ...(startLine === undefined || startLine < 1 ? {} : { line: startLine }),
    ...(startColumn === undefined || startColumn < 1 ? {} : { column: startColumn }),
    names: logicalLocations.flatMap((each) => [each.fullyQualifiedName, each.name].filter(isText)),
  };
}

const isText = (text: string | undefined): text is string => text !== undefined && text !== '';

/** The path in a location, its bases before it: `file:///builds/cdk.out/x.json` is `/builds/cdk.out/x.json`. */
function pathOf(
  { artifacts = [], originalUriBaseIds = {} }: Run,
  at: z.infer<typeof artifactLocation> | undefined,
): string {
  const own = at?.uri === undefined && at?.index !== undefined ? artifacts[at.index]?.location : at;
  let path = own?.uri ?? '';
  const seen = new Set<string>();
  for (let base = own?.uriBaseId; base !== undefined && !seen.has(base); base = originalUriBaseIds[base]?.uriBaseId) {
    seen.add(base);
    if (!/^[a-z][a-z0-9+.-]*:/i.test(path)) path = `${originalUriBaseIds[base]?.uri ?? ''}${path}`;
  }
  const plain = path.replace(/^file:\/\/[^/]*/i, '').replaceAll('\\', '/');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}
