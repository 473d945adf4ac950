import { CfnParameter, Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Named } from '../../lib/config/project.ts';
import type { Environment } from '../../lib/config/schema/environment.ts';
import type { Organisation } from '../../lib/config/schema/organisation.ts';
import { cite } from '../../lib/stack/cite.ts';
import { ref } from '../../lib/stack/config-ref.ts';
import { artefactName, StackId } from '../../lib/stack/id.ts';
import { ownershipMap } from '../../lib/stack/ownership.ts';

/** All that the stacks of an environment depend on. */
export interface EnvironmentInputs {
  readonly organisation: Named<Organisation>;
  readonly environment: Named<Environment>;
}

/** A CloudFormation stack of an environment: bound to its account and Region, tagged with its owner, and without lookups. */
export class TandemAwsStack extends Stack {
  /** `acme-prod`: part of every name, unique within account and Region. */
  readonly prefix: string;
  /** Of every resource. */
  readonly ownTags: Readonly<Record<string, string>>;
  readonly #zones: string[];

  constructor(
    scope: Construct,
    part: 'network' | 'cluster' | 'link',
    { organisation, environment }: EnvironmentInputs,
  ) {
    const { aws, description, tags } = environment.value;
    const id = part === 'link' ? StackId.awsLink(environment.name) : StackId[part](environment.name);
    super(scope, artefactName(id), {
      env: { account: aws.account, region: aws.region },
      terminationProtection: aws.terminationProtection,
      ...(description === undefined ? {} : { description: `${description} (${part})` }),
    });
    this.prefix = `${organisation.value.organisation.name}-${environment.name}`;
    this.#zones = aws.zones.map((letter) => `${aws.region}${letter}`);
    this.ownTags = {
      ...tags,
      ...ownershipMap({
        organisation: organisation.value.organisation.name,
        owner: organisation.value.organisation.contact,
        environment: environment.name,
        stack: id,
      }),
    };
    for (const [key, value] of Object.entries(this.ownTags)) Tags.of(this).add(key, value);
    // What nothing more precise is said of comes from the environment as a whole.
    cite(this, ref('environment', environment.name));
  }

  /** A parameter of Systems Manager, as what the others of the environment tell. CloudFormation reads it at each deployment, and the change set shows it. */
  protected fromParameter(id: string, type: string, name: string): CfnParameter {
    return new CfnParameter(this, id, { type: `AWS::SSM::Parameter::Value<${type}>`, default: name });
  }

  /** Those of the configuration; the CDK would look them up in the account. */
  override get availabilityZones(): string[] {
    return this.#zones;
  }
}
