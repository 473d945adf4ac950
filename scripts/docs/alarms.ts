import { alarmDefinitions } from '../../lib/aws/alarm-table.ts';
import { alarmsSchema } from '../../lib/config/schema/environment-scaling.ts';

const FILE = 'docs/reference/alarms.md';

const OPENING = `# Alarms of an analysis cluster

Generated from \`lib/aws/alarm-table.ts\` by \`npm run docs\`. All notify the SNS topic of the cluster, when they begin and when they end, and are on its
dashboard. Missing data does not breach. Thresholds with a name are set below \`cluster.alarms\` of an environment.

| alarm | notification | threshold |
|---|---|---|
`;

/** The page of all alarms: path from the root to content. */
export function alarmFiles(): Map<string, string> {
  const defaults = alarmsSchema.parse({});
  const rows = alarmDefinitions.map(([name, { description, threshold, periods = 1 }]) => {
    const limit =
      typeof threshold === 'number'
        ? `${threshold}${periods === 1 ? '' : `, ${periods} periods in a row`}`
        : `\`${threshold.setting}\` (default ${defaults[threshold.setting]}): ${alarmsSchema.shape[threshold.setting].description ?? ''}`;
    return `| ${name} | ${description('CLUSTER')}. | ${limit} |\n`;
  });
  return new Map([[FILE, OPENING + rows.join('')]]);
}
