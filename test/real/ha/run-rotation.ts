import { setTimeout as sleepMs } from 'node:timers/promises';
import { CertificateFolder } from '../../../lib/cloud-operations/certificates/folder.ts';
import { type CertificateProbe, lookRotation, runRotation } from '../../../lib/cloud-operations/certificates/rotate.ts';
import { drillState } from '../../../lib/cloud-operations/drill/drill-state.ts';
import { Origin } from '../../../lib/config/origin.ts';
import type { Cloud } from '../../../lib/config/schema/cloud.ts';
import { certificateUses } from '../../../lib/private-cloud/certificates/uses.ts';
import type { DrillTarget } from '../../../lib/private-cloud/drill/target.ts';
import { inventoryGroups } from '../../../lib/private-cloud/kolla/inventory.ts';
import type { CloudHosts, KollaPlays } from '../../../lib/private-cloud/members/ports.ts';
import { topologyOf } from '../../../lib/private-cloud/topology/topology.ts';
import {
  playRotation,
  type RotationDrillOptions,
  type RotationOutcome,
} from '../../lib/private-cloud/drill/rotation.ts';

export interface RotationDrillProps {
  readonly cloud: Cloud;
  readonly target: DrillTarget;
  readonly ports: { readonly hosts: CloudHosts; readonly plays: KollaPlays; readonly probe: CertificateProbe };
  readonly startTls: RotationDrillOptions['startTls'];
  readonly run: string;
  /** Folder of the secrets, with the new certificate in `new`. */
  readonly secrets: string;
  /** Gets the journal and the locks. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly say: (what: string) => void;
}

const NAME = 'drill';

/** What `cloud certificates --rotate haproxy-internal` does, under load. */
export async function runRotationDrill(props: RotationDrillProps): Promise<RotationOutcome> {
  const { target, ports, startTls, run, secrets, folder, signal, say } = props;
  const { kolla, vips } = props.cloud;
  if (kolla === undefined || vips === undefined) throw new RangeError('the drill’s cloud has no section kolla or vips');
  const value = { ...props.cloud, kolla, vips: { ...vips, tls: { ...vips.tls, internal: true } } };
  const certificates = new CertificateFolder(secrets);
  const request = {
    cloud: { kind: 'cloud' as const, name: NAME, file: '', origin: new Origin([]), value },
    inventory: inventoryGroups(topologyOf(NAME, value), false),
    ...{ uses: certificateUses(NAME, value), names: ['haproxy-internal'], from: certificates.fresh, now: new Date() },
  };
  return await playRotation(target, {
    ...{ run, startTls, say },
    async rotate() {
      const plan = await lookRotation(ports.hosts, certificates, request, signal);
      const sleep = async (seconds: number) => await sleepMs(seconds * 1000, undefined, { signal });
      const onStep = (key: string, phase: string): void => say(`${key}: ${phase}`);
      const own = { ...ports, ...drillState(folder), folder: certificates, sleep, onStep };
      await runRotation(own, plan, { signal, emit: () => undefined });
    },
  });
}
