import type { Exchange, Given } from '../../plan/exchange.ts';
import type { BareChange } from '../../plan/model.ts';
import { mapOf } from '../../text/json.ts';

type Section = Readonly<Record<string, unknown>>;

/** A place in a template that reads a value of another stack. */
interface Input {
  readonly name: string;
  /** `Parameters.VpcId`, or `Imports.<name>` of what is no parameter. */
  readonly address: string;
}

/** Parameters of Systems Manager, and exports. */
export function exchangeOfTemplate(text: string): Exchange {
  const template = JSON.parse(text) as Section;
  return { gives: () => givenBy(template), takes: () => new Set(inputsOf(template).map(({ name }) => name)) };
}

function givenBy(template: Section): Map<string, readonly Given[]> {
  const gives = new Map<string, readonly Given[]>();
  for (const [address, resource] of entries(template['Resources'])) {
    const { Name: name } = mapOf(resource['Properties']);
    if (resource['Type'] === 'AWS::SSM::Parameter' && typeof name === 'string')
      gives.set(`ssm:${name}`, [{ address, attribute: 'Value' }]);
  }
  for (const [name, output] of entries(template['Outputs'])) {
    const { Name: exported } = mapOf(output['Export']);
    if (typeof exported === 'string')
      gives.set(`export:${exported}`, [{ address: `Outputs.${name}`, attribute: 'Value' }]);
  }
  return gives;
}

/** Inputs that get another value although the template stays. @param renewed names of what is taken */
export function renewedInputs(template: Section, renewed: readonly string[]): BareChange[] {
  const change = { before: null, after: null, afterUnknown: true, sensitive: false, forcesReplacement: false };
  return inputsOf(template)
    .filter(({ name }) => renewed.includes(name))
    .map(({ name, address }) => ({
      ...{ address, type: 'parameter', action: 'update', attributes: [{ path: 'Value', ...change }] },
      reasons: [`it reads ${name.slice(name.indexOf(':') + 1)}, which gets another value`],
      ...{ noise: false, restarts: [], findings: [] },
    }));
}

function inputsOf(template: Section): Input[] {
  const parameters = entries(template['Parameters']).flatMap(([id, { Type: type, Default: name }]) =>
    String(type).startsWith('AWS::SSM::Parameter::Value') && typeof name === 'string'
      ? [{ name: `ssm:${name}`, address: `Parameters.${id}` }]
      : [],
  );
  const imports = [...importsIn(template['Resources']), ...importsIn(template['Outputs'])];
  return [
    ...parameters,
    ...[...new Set(imports)].map((name) => ({ name, address: `Imports.${name.slice(name.indexOf(':') + 1)}` })),
  ];
}

function importsIn(value: unknown): string[] {
  if (typeof value === 'string')
    return [...value.matchAll(/\{\{resolve:ssm:([^:}]+)/g)].map(([, name = '']) => `ssm:${name}`);
  if (Array.isArray(value)) return value.flatMap(importsIn);
  return Object.entries(mapOf(value)).flatMap(([key, inner]) =>
    key === 'Fn::ImportValue' && typeof inner === 'string' ? [`export:${inner}`] : importsIn(inner),
  );
}

function entries(value: unknown): [string, Section][] {
  return Object.entries(mapOf(value)).map(([key, each]) => [key, mapOf(each)]);
}
