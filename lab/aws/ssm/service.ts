import type { Service } from '../service.ts';
import { commands } from './commands.ts';
import { parameters } from './parameters.ts';

/** Systems Manager: parameters, and Run Command. */
export const ssm: Service = {
  ...parameters,
  answer: (request, context) => {
    const [, call = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
    return (commands.answers(call) ? commands.service : parameters).answer(request, context);
  },
};
