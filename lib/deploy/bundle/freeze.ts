import type { Envelope } from '../../attestation/dsse.ts';
import { STATEMENT_PAYLOAD, type Statement } from '../../attestation/statement.ts';
import type { Plan } from '../../plan/model.ts';
import { stateFacts } from '../../state/states.ts';
import { engineOf } from '../engine-of.ts';
import type { DeployPorts, Target } from '../ports.ts';
import { bundleNeedsRecipients, bundleNotWhole } from './errors.ts';
import { sealHiddenKey } from './hidden.ts';
import { subjectOf } from './read.ts';
import { BUNDLE_TYPE, type Bundle, type BundleStack } from './schema.ts';
import { semanticDigest } from './semantic.ts';

export interface FreezeRequest {
  readonly organisation: string;
  readonly targets: readonly Target[];
  /** Against the live clouds, made with the digests of hidden values. */
  readonly plan: Plan;
  /** Key of these digests. */
  readonly hiddenKey: Uint8Array;
  /** age public keys of those who deploy. */
  readonly recipients: readonly string[];
  /** How long it is valid, in hours. */
  readonly validHours: number;
  /** Fingerprint of the key that will sign it; null where none does. */
  readonly keyid: string | null;
  readonly versions: Readonly<Record<string, string>>;
  readonly locks: Readonly<Record<string, string>>;
}

type FreezePorts = Pick<DeployPorts, 'actor' | 'commit' | 'engines' | 'now' | 'records'>;

/**
 * A plan as a bundle, not signed yet. The same plan at the same time gives the same bytes, but for an encrypted key.
 * @throws TandemError `bundle-not-whole`, `bundle-needs-recipients`
 */
export async function freeze(ports: FreezePorts, request: FreezeRequest): Promise<Envelope> {
  const { plan, organisation, keyid, validHours } = request;
  const broken = plan.stacks.filter(
    ({ status, belongsTo }) => status === 'error' || status === 'unknown-here' || belongsTo !== undefined,
  );
  const [first] = broken;
  if (first !== undefined) throw bundleNotWhole(first.id, first.reason ?? 'it belongs to another state');
  const created = ports.now();
  const bundle: Bundle = {
    format: 'tandem.bundle/1',
    ...{ organisation, commit: ports.commit },
    createdAt: created.toISOString(),
    expiresAt: new Date(created.getTime() + validHours * 3_600_000).toISOString(),
    author: { by: ports.actor.by, keyid },
    ...{ versions: { ...request.versions }, locks: { ...request.locks } },
    stacks: await Promise.all(request.targets.map((target) => stackOf(ports, target))),
    semantic: semanticDigest(plan),
    hiddenKey: await hiddenKeyOf(request),
    plan,
  };
  const statement: Statement<Bundle> = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: subjectOf(bundle),
    predicateType: BUNDLE_TYPE,
    predicate: bundle,
  };
  return { payloadType: STATEMENT_PAYLOAD, payload: Buffer.from(JSON.stringify(statement)), signatures: [] };
}

async function stackOf(ports: FreezePorts, { stack, destroy }: Target): Promise<BundleStack> {
  const record = await ports.records.read(stack.id);
  const facts = stateFacts(await engineOf(ports, stack).readState?.(stack));
  return {
    ...{ id: stack.id, engine: stack.engine, destroy, target: { ...stack.target }, artefact: stack.text },
    record: record === undefined ? null : { digest: record.digest, commit: record.commit, at: record.at },
    state: facts === undefined ? null : { lineage: facts.lineage, serial: facts.serial },
  };
}

/** Only where a hidden value changes: who makes a bundle without one needs no recipient. */
async function hiddenKeyOf({ plan, recipients, hiddenKey }: FreezeRequest): Promise<string | null> {
  const hides = plan.stacks.find(({ changes }) =>
    changes.some(({ attributes }) => attributes.some(({ mac }) => mac !== undefined)),
  );
  if (hides === undefined) return null;
  if (recipients.length === 0) throw bundleNeedsRecipients(hides.id);
  return await sealHiddenKey(recipients, hiddenKey);
}
