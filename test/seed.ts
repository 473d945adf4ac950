import fc from 'fast-check';
import { isWhole } from './chaos.ts';

/** The same draws each time, so that `npm test` judges the change and not the day; new ones with `npm run test:chaos`. */
if (!isWhole) fc.configureGlobal({ seed: 1 });
