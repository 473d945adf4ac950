import { modelOf } from '../model/model.ts';
import type { Realm, StoreKey } from '../world.ts';

interface Quota {
  readonly ServiceCode: string;
  readonly ServiceName: string;
  readonly QuotaCode: string;
  readonly QuotaName: string;
  readonly Value: number;
  /** What an account has before anybody asks for more. */
  readonly byDefault: number;
}

type Purchase = 'on-demand' | 'spot';

const EC2 = { ServiceCode: 'ec2', ServiceName: 'Amazon Elastic Compute Cloud (Amazon EC2)', byDefault: 5 };

/** vCPU of the standard families, as the model starts with. */
const KEY: StoreKey<Map<Purchase, number>> = {
  name: 'quotas',
  create: ({ world }) => {
    const { onDemandVcpus = 4000, spotVcpus = 4000 } = world.options.model.quotas ?? {};
    return new Map([
      ['on-demand', onDemandVcpus],
      ['spot', spotVcpus],
    ]);
  },
};

/** Codes and names: AWSEC2/latest/UserGuide/ec2-instance-quotas.html, autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html, vpc/latest/userguide/amazon-vpc-limits.html. */
export function quotasOf(realm: Realm): Quota[] {
  const vcpus = realm.store(KEY);
  return [
    {
      ...{ ...EC2, QuotaCode: 'L-1216C47A', Value: vcpus.get('on-demand') ?? 0 },
      QuotaName: 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances',
    },
    {
      ...{ ...EC2, QuotaCode: 'L-34B43A08', Value: vcpus.get('spot') ?? 0 },
      QuotaName: 'All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests',
    },
    {
      ...{ ServiceCode: 'autoscaling', ServiceName: 'Amazon EC2 Auto Scaling', QuotaCode: 'L-CDE20ADC' },
      ...{ QuotaName: 'Auto Scaling groups per region', Value: 500, byDefault: 500 },
    },
    {
      ...{ ServiceCode: 'vpc', ServiceName: 'Amazon Virtual Private Cloud (Amazon VPC)', QuotaCode: 'L-DF5E4CA3' },
      ...{ QuotaName: 'Network interfaces per Region', Value: 5000, byDefault: 5000 },
    },
  ];
}

/** Changes what the account may run, as an increase that AWS granted would. */
export function setQuota(realm: Realm, purchase: Purchase, vcpus: number): void {
  realm.store(KEY).set(purchase, vcpus);
  modelOf(realm).world.setQuota(purchase, vcpus);
}
