import { ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { existingIn, wantedIn } from '../../../../lib/engines/cloudformation/retained/existing.ts';
import { IDENTIFIERS, type KeptResource } from '../../../../lib/engines/cloudformation/retained/kept.ts';
import { matchExisting } from '../../../../lib/engines/match-existing.ts';
import { openRig, type Rig, storeStack } from './lifecycle-rig.ts';

describe('a stack that takes in what another one made', () => {
  let rig: Rig;
  let noted: readonly KeptResource[] = [];
  const legacy = storeStack('Retain', {}, 'custom/legacy');
  const stack = storeStack('Retain');
  beforeEach(async () => {
    noted = [];
    rig = await openRig({ noted: ({ length }) => (length > 0 ? noted : []), forgetNoted: () => void (noted = []) });
    await rig.deploy(legacy);
  });
  afterEach(() => rig.close());

  test('imports it once the other is gone, and has nothing left to do', async () => {
    const list = await rig.connection.cloudFormation.send(
      new ListStackResourcesCommand({ StackName: 'custom-legacy' }),
    );
    const existing = existingIn(JSON.stringify(list)) ?? [];
    const { matches, ambiguous } = matchExisting(existing, wantedIn(stack.text), IDENTIFIERS);
    expect([matches.map(({ to, from }) => `${to} <- ${from}`), ambiguous]).toEqual([
      ['Bucket <- Bucket', 'Jobs <- Jobs', 'Key <- Key', 'Rest <- Rest'],
      [],
    ]);
    // What its stack deletes cannot be imported afterwards.
    noted = matches
      .filter(({ to }) => to !== 'Rest')
      .map(({ to, type, id }) => ({ address: to, type, physicalId: id }));
    const before = [rig.ids('AWS::S3::Bucket'), rig.ids('AWS::KMS::Key')];
    await rig.destroy(legacy);
    const frozen = await rig.plan(stack);
    const planned = frozen.plan.changes.map(({ action, address }) => `${action} ${address}`);
    expect(planned).toEqual(['import Bucket', 'import Jobs', 'import Key', 'create Rest']);
    expect(frozen.plan.changes[0]?.reasons.join()).toContain('exists already: it is imported');
    await rig.apply(frozen);
    expect([rig.ids('AWS::S3::Bucket'), rig.ids('AWS::KMS::Key')]).toEqual(before);
    expect((await rig.plan(stack)).plan.status).toBe('unchanged');
    expect(noted).toEqual([]);
  });
});
