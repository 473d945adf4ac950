import type { Component } from '../../../lib/bring-up/component.ts';
import { fileOf, type TierWords, tierInputs } from './tier-inputs.ts';

/** The findings of a component about a tier of three servers with 4 GiB each, unless said otherwise. */
export function findings<S extends object>(component: Component<S>, settings: object, words: TierWords = {}) {
  return component.check?.(tierInputs(component, settings, { memoryMiB: 4096, ...words })) ?? [];
}

export function file<S extends object>(component: Component<S>, path: string, settings: object = {}): string {
  return fileOf(component, tierInputs(component, settings), path);
}

/** What a server could not fill in, or Terraform would evaluate, in the texts of a component. */
export function brokenPlaceholders<S extends object>(
  component: Component<S>,
  settings: object = {},
): readonly string[] {
  const given = tierInputs(component, settings);
  const texts = [
    ...component.files(given).map(({ content }) => content),
    component.health(given.settings),
    ...Object.values(component.hooks),
  ];
  const values = Object.keys(component.values(given));
  const tiers = component.peers(given.settings, given.tier);
  const secrets = (component.secrets ?? []).map(({ name }) => name);
  return texts.flatMap((text) => [
    ...names(text, /@\{value ([^}]*)\}/g).filter((name) => !values.includes(name)),
    ...names(text, /@\{(?:peers|others)\|([^|]*)\|/g).filter((name) => !tiers.includes(name)),
    ...names(text, /@\{secret ([^}]*)\}/g).filter((name) => !secrets.includes(name)),
    ...names(text, /@\{(?!value |secret |peers\||others\|)([^}]*)\}/g).filter(
      (name) => !['address', 'name', 'index', 'zone'].includes(name),
    ),
    ...names(text, /([$%]\{)/g),
  ]);
}

function names(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([, name = '']) => name);
}
