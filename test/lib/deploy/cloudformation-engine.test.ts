import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type AwsEndpointOptions, labCredentials, startAwsEndpoint } from '../../../lab/aws/index.ts';
import type { AwsConnection } from '../../../lib/deploy/cloudformation/connection.ts';
import { cloudFormationContract } from './cloudformation.contract.ts';

const account = '222233334444';
const region = 'eu-west-3';

/** The endpoint in this process. */
async function lab(options: AwsEndpointOptions = {}) {
  const endpoint = await startAwsEndpoint({ stepMilliseconds: 20, ...options });
  const credentials = async () => labCredentials(account);
  const cloudFormation = new CloudFormationClient({ endpoint: endpoint.url, region, credentials });
  const connection: AwsConnection = { account, region, partition: 'aws', cloudFormation, credentials };
  return { endpoint, connection, close: () => endpoint.close() };
}

cloudFormationContract('the endpoint of lab/aws', lab);
