export { differences, leaves as flatten } from './differences.ts';
