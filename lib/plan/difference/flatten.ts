export { type Difference, differences, leaves as flatten } from './differences.ts';
