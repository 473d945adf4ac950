import { aboveOthers } from './above-others.ts';
import { AwsTemplates } from './aws/templates.ts';
import { type Benchmark, median } from './benchmark.ts';

const MOST_SECONDS = 1.5;
/** Network, cluster and link of two environments. */
const TEMPLATES = 6;

/** A limit in seconds on whatever machine this is: the yardstick is the limit itself. */
export const benchmark: Benchmark = {
  title: `synth of both environments, process start included, within ${MOST_SECONDS} s`,
  atMost: 1,
  measure: async (progress) => {
    const restore = aboveOthers();
    const templates = new AwsTemplates();
    try {
      await templates.synth();
      const broken =
        templates.files.length === TEMPLATES ? [] : [`${templates.files.length} templates, not ${TEMPLATES}`];
      const seconds: number[] = [];
      for (let round = 0; round < 5; round += 1) seconds.push((await templates.synth()).seconds);
      progress(`${seconds.map((each) => each.toFixed(2)).join(', ')} s`);
      return { measured: median(seconds), yardstick: MOST_SECONDS, unit: 's', broken };
    } finally {
      templates.close();
      restore();
    }
  },
};
