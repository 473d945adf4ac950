import type { Problem } from '../diagnostic.ts';
import type { Layer, Layered } from '../layer.ts';
import { Origin } from '../origin.ts';
import type { Entity } from '../project.ts';
import { unknownName } from '../rules/unknown-name.ts';
import type { Blueprint } from '../schema/blueprint.ts';
import type { Lease } from '../schema/lease.ts';
import { type Arguments, argumentsOf, checkDefaults, type Parameters, substitute } from './parameters.ts';
import { type JoinedPart, withParts } from './parts.ts';

/** Blueprints that loaded whole (`sound`), and with those what is left of others (`all`). */
export interface LoadedBlueprints {
  readonly sound: Map<string, Entity<Blueprint>>;
  readonly all: Map<string, Entity<Blueprint>>;
}

/** A blueprint under certain values of its parameters. */
interface Instance {
  /** Undefined where it, or a part of it, has a problem. */
  readonly whole?: Entity<Blueprint>;
  /** What is left of it. */
  readonly rest?: Entity<Blueprint>;
}

interface LoadedPart extends Instance {
  readonly part: string;
}

/** Checks files of blueprints against their schema; problems and what was left out are its caller's to keep. */
export type Shape = (layered: readonly Layered[]) => LoadedBlueprints;

/**
 * Blueprints from their files: parameters become values, parts become tiers.
 * @param shape checks what the parameters were put into
 * @param told takes every problem
 */
export class BlueprintLoader {
  readonly #layers: ReadonlyMap<string, Layer>;
  readonly #names: ReadonlySet<string>;
  readonly #shape: Shape;
  readonly #told: (problems: readonly Problem[]) => void;

  constructor(
    layers: ReadonlyMap<string, Layer>,
    names: ReadonlySet<string>,
    shape: Shape,
    told: (problems: readonly Problem[]) => void,
  ) {
    this.#layers = layers;
    this.#names = names;
    this.#shape = shape;
    this.#told = told;
  }

  /** Each blueprint with the defaults of its parameters. */
  loadAll(): LoadedBlueprints {
    const sound = new Map<string, Entity<Blueprint>>();
    const all = new Map<string, Entity<Blueprint>>();
    for (const name of this.#layers.keys()) {
      const { whole, rest } = this.#load(name, {}, undefined, []);
      if (whole !== undefined) sound.set(name, whole);
      if (rest !== undefined) all.set(name, rest);
    }
    return { sound, all };
  }

  /** The blueprints of leases that give parameters, by lease. */
  loadForLeases(leases: Iterable<Entity<Lease>>): LoadedBlueprints {
    const sound = new Map<string, Entity<Blueprint>>();
    const all = new Map<string, Entity<Blueprint>>();
    for (const { name, value, origin } of leases) {
      if (Object.keys(value.parameters).length === 0) continue;
      const { whole, rest } = this.#load(value.blueprint, value.parameters, origin.at('parameters'), []);
      if (whole !== undefined) sound.set(name, whole);
      if (rest !== undefined) all.set(name, rest);
    }
    return { sound, all };
  }

  /** @param above blueprints that this one is a part of, the outermost first */
  #load(name: string, given: Arguments, givenAt: Origin | undefined, above: readonly string[]): Instance {
    const layer = this.#layers.get(name);
    if (layer === undefined) return {};
    const file = new Origin([layer]);
    const parameters = parametersIn(layer.value);
    const found = argumentsOf(parameters, given, givenAt ?? file.at('parameters'), name);
    const { value, places, problems } = substitute(layer.value, found.values, file);
    // Who chose a value answers for it.
    const origin = file.joinedWith(
      places.flatMap(({ path, parameter }) =>
        givenAt !== undefined && Object.hasOwn(given, parameter) ? [{ path, origin: givenAt.at(parameter) }] : [],
      ),
    );
    this.#told([...checkDefaults(parameters, file.at('parameters')), ...found.problems, ...problems]);
    const isSound = found.problems.length === 0 && problems.length === 0;
    const own = this.#shape([{ name, file: layer.file, value, origin, isBase: false, isWhole: true }]);
    const rest = own.all.get(name);
    if (rest === undefined) return {};
    const parts = this.#parts(rest, [...above, name]);
    const joined = this.#join(rest, parts);
    return own.sound.has(name) && isSound && parts.every(({ whole }) => whole !== undefined)
      ? { whole: joined, rest: joined }
      : { rest: joined };
  }

  #parts({ name, value, origin }: Entity<Blueprint>, above: readonly string[]): LoadedPart[] {
    return Object.entries(value.parts).map(([part, { blueprint, parameters }]) => {
      const at = origin.at('parts', part);
      if (above.includes(blueprint)) {
        const circle = [...above.slice(above.indexOf(blueprint)), blueprint].join(' takes ');
        const message = `got "${blueprint}"; ${circle}, and nothing is made of itself`;
        this.#told([at.at('blueprint').problem('part-in-circle', message, 'remove the part')]);
        return { part };
      }
      if (!this.#names.has(blueprint)) {
        const others = [...this.#names].filter((each) => each !== name);
        // Without another blueprint there is no such part.
        const where = others.length === 0 ? at : at.at('blueprint');
        this.#told([unknownName(where, 'blueprint', blueprint, others)]);
      }
      return { part, ...this.#load(blueprint, parameters, at.at('parameters'), above) };
    });
  }

  #join(own: Entity<Blueprint>, parts: readonly LoadedPart[]): Entity<Blueprint> {
    const known = parts.flatMap(({ part, rest }): JoinedPart[] =>
      rest === undefined ? [] : [{ name: part, value: rest.value, origin: rest.origin }],
    );
    if (known.length === 0) return own;
    const { value, joined, taken } = withParts(own.value, known);
    this.#told(
      taken.map((tier) => {
        const message = `got "${tier}"; a part has a tier of this name here`;
        return own.origin.at('tiers', tier).problem('duplicate-tier', message, 'choose another name', { key: true });
      }),
    );
    return { ...own, value: Object.freeze(value), origin: own.origin.joinedWith(joined) };
  }
}

/** Parameters as far as they are written as such: what is wrong with the others, the schema says. */
function parametersIn(file: Readonly<Record<string, unknown>>): Parameters {
  const { parameters } = file;
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) return {};
  const entries = Object.entries(parameters as Record<string, unknown>).filter(([, each]) => {
    const { type, default: value } = (each ?? {}) as { type?: unknown; default?: unknown };
    return (
      ['integer', 'text', 'boolean'].includes(String(type)) && ['string', 'number', 'boolean'].includes(typeof value)
    );
  });
  return Object.fromEntries(entries) as Parameters;
}
