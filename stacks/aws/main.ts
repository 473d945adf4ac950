import { runApp } from '../run-app.ts';
import { buildAwsApp } from './app.ts';

runApp('cloudformation', buildAwsApp);
