import type { Problem } from '../diagnostic.ts';
import type { Entity } from '../project.ts';
import type { Organisation } from '../schema/organisation.ts';
import type { RuleInput } from './rule.ts';
import { unknownName } from './unknown-name.ts';

/** `tandem.yaml`: the default cloud exists, a state back end has its section, and the lease policy can be met. */
export function checkOrganisation({ organisation, names }: RuleInput): Problem[] {
  if (organisation === undefined) return [];
  const { value, origin } = organisation;
  const problems: Problem[] = [];
  if (!names.cloud.has(value.defaultCloud)) {
    problems.push(unknownName(origin.at('defaultCloud'), 'cloud', value.defaultCloud, names.cloud));
  }
  const { backend } = value.state;
  if (backend !== 'local' && value.state[backend] === undefined) {
    const message = `got "${backend}"; the back end needs a section of its own`;
    const fix = `write state.${backend} with ${backend === 's3' ? 'bucket and region' : 'connection, a reference like secret:state-database'}`;
    problems.push(origin.at('state', 'backend').problem('missing-backend', message, fix));
  }
  problems.push(...checkSecrets(organisation, names.cloud));
  const { defaultDays, maximumDays, maximumTotalDays } = value.leases;
  if (defaultDays > maximumDays) {
    const message = `got ${defaultDays}; a lease lasts at most ${maximumDays} days (maximumDays)`;
    problems.push(origin.at('leases', 'defaultDays').problem('lease-policy', message, `write ${maximumDays} or less`));
  }
  if (maximumDays > maximumTotalDays) {
    const message = `got ${maximumDays}; a dev environment lasts at most ${maximumTotalDays} days (maximumTotalDays)`;
    problems.push(
      origin.at('leases', 'maximumDays').problem('lease-policy', message, `write ${maximumTotalDays} or less`),
    );
  }
  return problems;
}

/** The section that each store needs, and what stands in it. */
const STORE_SECTIONS = {
  'aws-secrets-manager': ['aws', 'account and region'],
  barbican: ['barbican', 'cloud'],
} as const;

function checkSecrets(
  { value, origin }: Pick<Entity<Organisation>, 'value' | 'origin'>,
  clouds: ReadonlySet<string>,
): Problem[] {
  const { store, barbican } = value.secrets;
  if (store === 'file') return [];
  const [section, content] = STORE_SECTIONS[store];
  if (value.secrets[section] === undefined) {
    const message = `store is "${store}", which needs a section of its own`;
    const fix = `write secrets.${section} with ${content}`;
    return [origin.at('secrets').problem('missing-store', message, fix, { key: true })];
  }
  if (store !== 'barbican' || barbican === undefined || clouds.has(barbican.cloud)) return [];
  return [unknownName(origin.at('secrets', 'barbican', 'cloud'), 'cloud', barbican.cloud, clouds)];
}
