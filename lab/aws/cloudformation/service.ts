import { queryService } from '../wire/query.ts';
import { changeSetCalls } from './change-set-calls.ts';
import { driftCalls } from './drift-calls.ts';
import { queryCalls } from './query-calls.ts';
import { stackCalls } from './stack-calls.ts';

export const cloudFormation = queryService(
  {
    service: 'cloudformation',
    version: '2010-05-15',
    namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  },
  { ...stackCalls, ...changeSetCalls, ...queryCalls, ...driftCalls },
);
