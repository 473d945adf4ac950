import { stateBackendIncomplete } from '../../lib/config/errors.ts';
import type { Organisation } from '../../lib/config/schema/organisation.ts';
import type { StateLocation } from '../../lib/openstack/state-backend.ts';

/** Where the organisation keeps Terraform's states. @throws TandemError `state-backend-incomplete` */
export function stateLocationOf({ state }: Pick<Organisation, 'state'>): StateLocation {
  const { backend, s3, pg } = state;
  if (backend === 'local') return { backend };
  if (backend === 'pg') {
    if (pg === undefined) throw stateBackendIncomplete(backend, 'state.pg');
    return { backend, schema: pg.schema };
  }
  if (s3 === undefined) throw stateBackendIncomplete(backend, 'state.s3');
  const { bucket, region, prefix, endpoint } = s3;
  return { backend, bucket, region, prefix, ...(endpoint === undefined ? {} : { endpoint }) };
}
