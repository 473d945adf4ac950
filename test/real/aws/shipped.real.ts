import { readFileSync } from 'node:fs';
import { CreateStackCommand, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelOf } from '../../../lab/aws/model/model.ts';
import { newBucket, putObject } from '../../../lab/aws/s3/store.ts';
import { putParameter } from '../../../lab/aws/ssm/store.ts';
import { SCALER_FILE, SCALER_VERSION } from '../../../stacks/aws/assets.ts';
import { ACCOUNT, changeSet, REGION, type Rig, rig, settled } from '../../lab/aws/rig.ts';
import { names, templatesOf } from '../../lab/aws/shipped-templates.ts';

describe.each(names)('Tandem’s stacks, variant %s', (variant) => {
  let lab: Rig;
  const realm = () => lab.endpoint.state.realm(ACCOUNT, REGION);
  beforeAll(async () => {
    lab = await rig();
    const ImageId = 'ami-0a1b2c3d4e5f60009';
    modelOf(realm()).world.setImage({ ImageId, Architecture: 'arm64' });
    putParameter(realm(), '/images/worker', ImageId, 'String');
    const secrets = new SecretsManagerClient(lab.config);
    for (const id of ['1-1', '1-2', '2-1', '2-2'])
      await secrets.send(
        new CreateSecretCommand({
          Name: `tandem/link/main/tunnel-${id}`,
          SecretString: `key.of.tunnel_${id}`.replace('-', '.'),
        }),
      );
    putParameter(realm(), '/cdk-bootstrap/hnb659fds/version', '30', 'String');
    // As publishing assets does before a deployment: a function is made of what is there.
    const assets = newBucket(lab.endpoint.state, `cdk-hnb659fds-assets-${ACCOUNT}-${REGION}`, ACCOUNT, REGION);
    const key = `tandem-fleet-scaler-${SCALER_VERSION}.zip`;
    putObject(lab.endpoint.state, assets, { key, body: readFileSync(SCALER_FILE) });
  });
  afterAll(() => lab.endpoint.close());

  it('are created, are the same afterwards, and go again', async () => {
    const bucket = newBucket(lab.endpoint.state, 'templates', ACCOUNT, REGION);
    const stacks = templatesOf(variant);
    for (const { name, template } of stacks) {
      putObject(lab.endpoint.state, bucket, { key: name, body: Buffer.from(JSON.stringify(template)) });
      await lab.cfn.send(
        new CreateStackCommand({
          StackName: name,
          TemplateURL: `https://templates.s3.${REGION}.amazonaws.com/${name}`,
          Capabilities: ['CAPABILITY_NAMED_IAM'],
        }),
      );
      const stack = await settled(lab.cfn, name);
      expect(stack.StackStatus, JSON.stringify(await reasons(name))).toBe('CREATE_COMPLETE');
      if (JSON.stringify(template).length > 51_200) continue;
      expect((await changeSet(lab.cfn, name, template)).StatusReason).toMatch(/didn't contain changes/);
    }
    for (const { name } of [...stacks].reverse()) {
      await lab.cfn.send(new DeleteStackCommand({ StackName: name }));
      await expect(settled(lab.cfn, name)).rejects.toThrow(/does not exist/);
    }
    const kept = stacks.flatMap(({ template }) =>
      Object.values(template.Resources).filter(({ DeletionPolicy }) => DeletionPolicy?.startsWith('Retain')),
    );
    const left = [...realm().resources.values()].map(({ type }) => type);
    expect(left.sort()).toEqual(kept.map(({ Type }) => Type).sort());
  });

  async function reasons(name: string) {
    const { cloudFormationStore } = await import('../../../lab/aws/cloudformation/stack.ts');
    const stack = cloudFormationStore(realm()).stacks.find((each) => each.name === name);
    return stack?.events
      .filter(({ status }) => status.endsWith('FAILED'))
      .map(({ logicalId, reason }) => `${logicalId}: ${reason ?? ''}`);
  }
});
