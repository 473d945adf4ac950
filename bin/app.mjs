#!/usr/bin/env node
/** `tandem-app aws` and `tandem-app openstack`: the Apps that `cdk synth` and `cdktn synth` run, named in cdk.json and cdktf.json. */
import { fail, start } from './runtime.mjs';

const [app = ''] = process.argv.slice(2);
if (app !== 'aws' && app !== 'openstack') fail(`no app "${app}"; use \`tandem-app aws\` or \`tandem-app openstack\``);
await start(`stacks/${app}/main`);
