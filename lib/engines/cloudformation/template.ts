/** What a template says of itself, besides its resources. Pure. */
export interface TemplateFacts {
  /** Qualifier of the bootstrap that it counts on; undefined where it needs none. */
  readonly qualifier: string | undefined;
  /** Whether an output shows what a parameter with `NoEcho` hides. */
  readonly isSensitiveOutput: (name: string) => boolean;
  /** Whether a property of a resource is made from a parameter with `NoEcho`. */
  readonly isSensitiveProperty: (logicalId: string, property: string) => boolean;
  /** Whether a parameter has `NoEcho`. */
  readonly isHiddenParameter: (name: string) => boolean;
}

interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown; readonly NoEcho?: unknown }>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
  readonly Resources?: Readonly<Record<string, { readonly Properties?: Readonly<Record<string, unknown>> }>>;
}

export function readTemplate(text: string): TemplateFacts {
  const { Parameters = {}, Outputs = {}, Resources = {} } = JSON.parse(text) as Template;
  const hidden = Object.entries(Parameters)
    .filter(([, { NoEcho }]) => String(NoEcho) === 'true')
    .map(([name]) => name);
  const shows = (value: unknown): boolean => {
    const written = JSON.stringify(value ?? null);
    return hidden.some((name) => written.includes(`{"Ref":"${name}"}`) || written.includes(`\${${name}}`));
  };
  return {
    qualifier: Object.values(Parameters)
      .map(({ Default }) => /^\/cdk-bootstrap\/(\w+)\/version$/.exec(String(Default))?.[1])
      .find((each) => each !== undefined),
    isSensitiveOutput: (name) => shows(Outputs[name]),
    isSensitiveProperty: (id, property) => shows(Resources[id]?.Properties?.[property]),
    isHiddenParameter: (name) => hidden.includes(name),
  };
}
