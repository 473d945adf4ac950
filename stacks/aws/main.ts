import { buildAwsApp } from '../../lib/engines/cloudformation/app.ts';
import { cloudFormationStacks } from '../../lib/engines/cloudformation/catalogue.ts';
import { runApp } from '../../lib/synthesis/run-app.ts';

runApp(cloudFormationStacks, buildAwsApp);
