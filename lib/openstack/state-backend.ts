import { TerraformBackend } from 'cdktf';
import type { Construct } from 'constructs';
import type { StackId } from '../stack/id.ts';
import { stateSchema } from '../stack/state-schema.ts';

/** Where Terraform keeps a stack's state. Nothing here is a secret: credentials come with the environment of whoever runs it. */
export type StateLocation =
  | { readonly backend: 'local' }
  | {
      readonly backend: 's3';
      readonly bucket: string;
      readonly region: string;
      readonly prefix: string;
      /** URL of an S3-compatible service. @default - AWS */
      readonly endpoint?: string;
    }
  | { readonly backend: 'pg'; readonly schema: string };

/** The `backend` block of a root. */
export class StateBackend extends TerraformBackend {
  readonly #attributes: Readonly<Record<string, unknown>>;

  constructor(scope: Construct, stack: StackId, location: StateLocation) {
    super(scope, 'backend', location.backend);
    this.#attributes = attributesOf(stack, location);
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { ...this.#attributes };
  }

  override getRemoteStateDataSource(): never {
    throw new Error('stacks read what others made from the cloud itself, not from their state');
  }
}

function attributesOf(stack: StackId, location: StateLocation): Record<string, unknown> {
  switch (location.backend) {
    case 'local':
      // Relative, so that the artefact is the same on any machine; three folders up from cdktf.out/stacks/<name> is the project.
      return { path: `../../../.tandem/state/${stack}.tfstate` };
    case 'pg':
      // The connection comes as PG_CONN_STR.
      return { schema_name: stateSchema(location.schema, stack) };
    case 's3':
      return {
        bucket: location.bucket,
        region: location.region,
        key: `${location.prefix}/state/${stack}.tfstate`,
        encrypt: true,
        use_lockfile: true,
        ...(location.endpoint === undefined ? {} : elsewhere(location.endpoint)),
      };
  }
}

/** A service that is not AWS has neither its accounts nor its Regions. */
function elsewhere(endpoint: string): Record<string, unknown> {
  return {
    endpoints: { s3: endpoint },
    use_path_style: true,
    skip_credentials_validation: true,
    skip_metadata_api_check: true,
    skip_region_validation: true,
    skip_requesting_account_id: true,
    skip_s3_checksum: true,
  };
}
