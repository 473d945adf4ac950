/** Fits a project, as `tandem simulate --fit` does, and prints the result. Killed by its test. */
import { join } from 'node:path';
import { fit } from '../../../lib/actions/simulate/fit.ts';

const [root = '', budget = '8'] = process.argv.slice(2);
const io = { emit: () => undefined, confirm: () => Promise.reject(new Error('asked')) };
const result = await fit(
  {
    ...{ root, folder: root, environment: {}, now: () => new Date(), signal: new AbortController().signal },
    io: { ...io, text: () => Promise.resolve(undefined), secret: () => Promise.resolve(undefined) },
  },
  {
    ...{ environment: 'staging', workloads: [join(root, 'waves.csv')], goalSeconds: 200 },
    budget: Number(budget),
  },
);
process.stdout.write(JSON.stringify(result));
