import { synthBenchmark } from './synth.ts';

export const benchmark = synthBenchmark(10, 5);
