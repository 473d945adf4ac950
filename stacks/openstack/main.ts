import { buildTerraformApp } from '../../lib/engines/terraform/app.ts';
import { runApp } from '../../lib/synthesis/run-app.ts';

runApp('terraform', buildTerraformApp);
