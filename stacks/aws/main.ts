import { buildAwsApp } from '../../lib/engines/cloudformation/app.ts';
import { runApp } from '../../lib/synthesis/run-app.ts';

runApp('cloudformation', buildAwsApp);
