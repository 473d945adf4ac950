import { MODELS } from '../api/models.ts';
import { modelledService } from '../api/service.ts';
import { AwsError } from '../aws-error.ts';
import type { Realm } from '../world.ts';
import { quotasOf } from './store.ts';

/** The applied quotas of the account: servicequotas/2019-06-24/apireference. */
export const serviceQuotas = modelledService(
  { name: 'servicequotas', model: MODELS['service-quotas'], protocol: 'json' },
  (name, input, { realm }) => {
    const { ServiceCode, QuotaCode, MaxResults = 100, NextToken = '0' } = input as unknown as Input;
    const all = quotasOf(realm).filter((quota) => quota.ServiceCode === ServiceCode);
    if (all.length === 0)
      throw noSuch(`The request failed because the specified service does not exist: ${ServiceCode}`);
    if (name === 'ListServiceQuotas') {
      const start = Number(NextToken);
      const end = start + MaxResults;
      const Quotas = all.slice(start, end).map((quota) => shown(realm, quota));
      return { Quotas, NextToken: end < all.length ? String(end) : undefined };
    }
    const found = all.find((quota) => quota.QuotaCode === QuotaCode);
    if (found === undefined) throw noSuch('The request failed because the specified quota does not exist.');
    return {
      Quota: shown(realm, { ...found, ...(name === 'GetAWSDefaultServiceQuota' && { Value: found.byDefault }) }),
    };
  },
);

interface Input {
  readonly ServiceCode: string;
  readonly QuotaCode?: string;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

function shown(realm: Realm, { byDefault: _, ...quota }: ReturnType<typeof quotasOf>[number]) {
  const QuotaArn = realm.arn('servicequotas', `${quota.ServiceCode}/${quota.QuotaCode}`);
  return { ...quota, QuotaArn, Adjustable: true, GlobalQuota: false, Unit: 'None' };
}

const noSuch = (message: string): AwsError => new AwsError('NoSuchResourceException', message);
