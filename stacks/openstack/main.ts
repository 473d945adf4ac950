import { runApp } from '../run-app.ts';
import { buildTerraformApp } from './app.ts';

runApp('terraform', buildTerraformApp);
