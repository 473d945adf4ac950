import { AwsError } from '../aws-error.ts';
import type { Service } from '../service.ts';
import { forward } from './tables.ts';

/** Tables come and go with their stacks only. */
const CALLS = [
  ...['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan', 'BatchGetItem', 'BatchWriteItem'],
  ...['DescribeTable', 'ListTables'],
];

export const dynamodb: Service = {
  name: 'dynamodb',
  answer: async (request, context) => {
    const [target, call = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
    if (target !== 'DynamoDB_20120810' || !CALLS.includes(call))
      throw new AwsError('UnknownOperationException', `lab/aws has no ${call} of DynamoDB; see lab/aws/SPEC.md`);
    context.enter('dynamodb', call);
    return forward(context.realm, call, request.body);
  },
  refuse: (error, request) => ({
    status: error.status,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': request.id },
    body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${error.code}`, message: error.message }),
  }),
};
