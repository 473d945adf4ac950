import { TerraformElement, TerraformStack } from 'cdktf';
import { Construct, type IConstruct, type Node } from 'constructs';
import { artefactName, type StackId } from '../stack/id.ts';
import { addressTaken, invalidConstructId } from './errors.ts';
import { withTextAsText } from './expression.ts';
import { withPins } from './pinned.ts';
import { StateBackend, type StateLocation } from './state-backend.ts';

/** What an id may be made of, so that joining ids with `_` gives a Terraform name, and gives one only once. */
const ID = /^[a-zA-Z][a-zA-Z0-9-]*$/;

/** Id of a construct's main resource, which has the construct's own address: `environment_network`, not `environment_network_network`. */
export const MAIN = 'Resource';

/** A Terraform root: one state, readable addresses, both provider versions. */
export class TandemTerraformStack extends TerraformStack {
  readonly stackId: StackId;
  readonly #owners = new Map<string, IConstruct>();

  constructor(scope: Construct, id: StackId, state: StateLocation = { backend: 'local' }) {
    super(scope, artefactName(id));
    this.stackId = id;
    // In a scope of its own: its id is `backend`, which a tier may be called.
    new StateBackend(new Construct(this, 'State'), id, state);
    this.addOverride('terraform.required_version', '>= 1.6.0');
  }

  /** The root, in which text of the configuration is text, and which says what its resources keep. */
  override toTerraform(): unknown {
    return withPins(withTextAsText(super.toTerraform() as Record<string, unknown>));
  }

  /** The construct path joined by `_`, without hash: addresses are an API that people type and review. Ids have no `_`. */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = TerraformElement.isTerraformElement(element) ? element.node : element;
    let address = '';
    for (const scope of node.scopes.slice(this.node.scopes.length)) {
      const { id } = scope.node;
      if (!ID.test(id)) throw invalidConstructId(id, node.path);
      if (id === MAIN && address !== '') continue;
      address = address === '' ? id : `${address}_${id}`;
    }
    if (TerraformElement.isTerraformElement(element)) this.#claim(address, element);
    return address;
  }

  /** Ids of one scope are told apart by constructs itself; a main resource could still meet the construct around it. */
  #claim(address: string, element: TerraformElement): void {
    const owner = this.#owners.get(address);
    if (owner === undefined) this.#owners.set(address, element);
    else if (owner !== element) throw addressTaken(address, owner.node.path, element.node.path);
  }
}
