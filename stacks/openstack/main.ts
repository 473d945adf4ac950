import { buildTerraformApp } from '../../lib/engines/terraform/app.ts';
import { terraformStacks } from '../../lib/engines/terraform/catalogue.ts';
import { runApp } from '../../lib/synthesis/run-app.ts';

runApp(terraformStacks, buildTerraformApp);
