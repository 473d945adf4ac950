import { executeRecovery, planRecover } from '../../cloud-operations/recovery/execute.ts';
import { declined } from '../../deploy/errors.ts';
import { chooseKollaCloud } from '../../private-cloud/kolla/kolla-cloud.ts';
import { placesOf } from '../../private-cloud/members/questions.ts';
import type { RecoveryStep } from '../../private-cloud/recovery/plan.ts';
import { topologyOf } from '../../private-cloud/topology/topology.ts';
import { withClouds } from '../clouds.ts';
import { requireProject } from '../configuration.ts';
import { type ActionContext, inform } from '../context.ts';
import { kollaAccess } from './kolla-access.ts';

export interface RecoverCloudOptions {
  /** @default the organisation's `defaultCloud` */
  readonly cloud?: string | undefined;
  /** Hosts that are given up. @default none */
  readonly without?: readonly string[] | undefined;
  /** Runs the steps, after asking. @default false */
  readonly run?: boolean;
}

export interface RecoverCloudResult {
  readonly cloud: string;
  /** How far each host's database had come; empty where an interrupted recovery goes on. */
  readonly positions: readonly { readonly host: string; readonly uuid: string | null; readonly seqno: number | null }[];
  /** Whose database founds the cluster anew. */
  readonly founder: string;
  readonly why: string;
  readonly steps: readonly RecoveryStep[];
  readonly executed: boolean;
}

/**
 * Leads a cloud out of the dark: asks every host how far its database had come, says which is newest, and what to run; runs it where that
 * is asked for.
 * @throws TandemError `recovery-not-needed`, `recovery-host-missing`, `recovery-contradiction`, `recovery-position-unknown`,
 * `recovery-step-failed`, `declined`
 */
export async function recoverCloud(context: ActionContext, options: RecoverCloudOptions): Promise<RecoverCloudResult> {
  const { signal, io } = context;
  const project = requireProject(context);
  const cloud = chooseKollaCloud(project, options.cloud);
  const { name, value } = cloud;
  return await withClouds(context, project, async (ports) => {
    const { hosts, plays, inventory } = await kollaAccess(context, ports, cloud, { readsCertificates: false });
    const access = { hosts, plays, inventory, asked: placesOf(inventory, topologyOf(name, value), value) };
    const request = { cloud: name, kolla: value.kolla, without: options.without ?? [] };
    const recovery = await planRecover({ ...ports, ...access }, request, signal);
    const { founder, positions, steps } = recovery;
    const told = positions.map(({ host, uuid = null, seqno = null }) => ({ host, uuid, seqno }));
    const result = { cloud: name, positions: told, founder: founder.host, why: founder.why, steps };
    if (options.run !== true) return { ...result, executed: false };
    const text = `Found the database of ${name} anew on ${founder.host}?`;
    const details = [founder.why, ...steps.map(({ key, why }) => `${key}: ${why}`)].join('\n');
    if (!(await io.confirm({ code: 'recover', text, details }))) throw declined();
    const onStep = (key: string, phase: string): void => inform(context, `${key}: ${phase}`);
    await executeRecovery({ ...ports, ...access, onStep }, recovery, { signal, emit: io.emit.bind(io) });
    return { ...result, executed: true };
  });
}
