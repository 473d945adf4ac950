import type { EC2 } from '@aws-sdk/client-ec2';
import type { Context, Handlers } from '../context.ts';
import type {
  LaunchTemplate,
  LaunchTemplateData,
  LaunchTemplateSpecification,
  LaunchTemplateVersion,
} from '../ec2-types.ts';
import { missingParameter, noSuchTemplate, noSuchTemplateVersion, templateExists } from '../faults.ts';
import { paginate } from '../pages.ts';
import { drawHex } from '../random.ts';
import type { MachineTemplate, TemplateState } from './state.ts';

/** Most versions that one page of DescribeLaunchTemplateVersions has. */
const PAGE = 200;

export const templateCalls = {
  createLaunchTemplate(context, { LaunchTemplateName, LaunchTemplateData, VersionDescription }) {
    const { ec2, random, now } = context.state;
    if (find(context, { LaunchTemplateName }) !== undefined) throw templateExists(LaunchTemplateName);
    const template: TemplateState = {
      LaunchTemplateId: `lt-${drawHex(random, 17)}`,
      LaunchTemplateName,
      CreateTime: now,
      defaultVersion: 1,
      latestVersion: 0,
      versions: new Map(),
    };
    ec2.templates.set(template.LaunchTemplateId, template);
    addVersion(context, template, LaunchTemplateData, VersionDescription);
    return { LaunchTemplate: view(template) };
  },

  createLaunchTemplateVersion(context, { SourceVersion, VersionDescription, LaunchTemplateData, ...which }) {
    const template = needTemplate(context, which);
    const source = SourceVersion === undefined ? {} : versionOf(template, SourceVersion).LaunchTemplateData;
    const version = addVersion(context, template, { ...source, ...LaunchTemplateData }, VersionDescription);
    return { LaunchTemplateVersion: viewVersion(template, version) };
  },

  modifyLaunchTemplate(context, { DefaultVersion, ...which }) {
    const template = needTemplate(context, which);
    if (DefaultVersion !== undefined) template.defaultVersion = versionOf(template, DefaultVersion).VersionNumber;
    return { LaunchTemplate: view(template) };
  },

  deleteLaunchTemplate(context, which) {
    const template = needTemplate(context, which);
    context.state.ec2.templates.delete(template.LaunchTemplateId);
    return { LaunchTemplate: view(template) };
  },

  describeLaunchTemplates(context, { LaunchTemplateIds, LaunchTemplateNames, MaxResults, NextToken }) {
    const all = [...context.state.ec2.templates.values()];
    const chosen = [
      ...(LaunchTemplateIds ?? []).map((LaunchTemplateId) => needTemplate(context, { LaunchTemplateId })),
      ...(LaunchTemplateNames ?? []).map((LaunchTemplateName) => needTemplate(context, { LaunchTemplateName })),
    ];
    const named = LaunchTemplateIds !== undefined || LaunchTemplateNames !== undefined;
    const { items, ...page } = paginate(named ? chosen : all, NextToken, MaxResults ?? PAGE);
    return { LaunchTemplates: items.map(view), ...page };
  },

  describeLaunchTemplateVersions(context, { Versions, MaxResults, NextToken, ...which }) {
    const template = needTemplate(context, which);
    const newestFirst = [...template.versions.values()].toReversed();
    const chosen = Versions?.map((version) => versionOf(template, version)) ?? newestFirst;
    const { items, ...page } = paginate(chosen, NextToken, MaxResults ?? PAGE);
    return { LaunchTemplateVersions: items.map((version) => viewVersion(template, version)), ...page };
  },
} satisfies Handlers<EC2>;

/** A template's data at the version that a specification means now. */
export function resolveTemplate(
  context: Context,
  specification: LaunchTemplateSpecification,
): { readonly data: LaunchTemplateData; readonly template: MachineTemplate } {
  const template = needTemplate(context, specification);
  const version = versionOf(template, specification.Version ?? '$Default');
  return {
    data: version.LaunchTemplateData,
    template: {
      id: template.LaunchTemplateId,
      name: template.LaunchTemplateName,
      version: String(version.VersionNumber),
    },
  };
}

function find({ state }: Context, { LaunchTemplateId, LaunchTemplateName }: LaunchTemplateSpecification) {
  const { templates } = state.ec2;
  if (LaunchTemplateId !== undefined) return templates.get(LaunchTemplateId);
  return [...templates.values()].find((template) => template.LaunchTemplateName === LaunchTemplateName);
}

function needTemplate(context: Context, which: LaunchTemplateSpecification): TemplateState {
  const found = find(context, which);
  const { LaunchTemplateId: id, LaunchTemplateName: name } = which;
  if (id === undefined && name === undefined) throw missingParameter('LaunchTemplateId');
  if (found === undefined) throw id === undefined ? noSuchTemplate(name ?? '', 'name') : noSuchTemplate(id, 'id');
  return found;
}

function versionOf(template: TemplateState, version: string) {
  const wanted =
    version === '$Default' ? template.defaultVersion : version === '$Latest' ? template.latestVersion : Number(version);
  const found = template.versions.get(wanted);
  if (found === undefined) throw noSuchTemplateVersion(version);
  return found;
}

function addVersion(
  { state }: Context,
  template: TemplateState,
  data: LaunchTemplateData,
  description: string | undefined,
): Omit<LaunchTemplateVersion, 'DefaultVersion'> {
  template.latestVersion += 1;
  const version = {
    LaunchTemplateId: template.LaunchTemplateId,
    LaunchTemplateName: template.LaunchTemplateName,
    VersionNumber: template.latestVersion,
    ...(description !== undefined && { VersionDescription: description }),
    CreateTime: state.now,
    LaunchTemplateData: data,
  };
  template.versions.set(version.VersionNumber, version);
  return version;
}

function view({ versions: _, defaultVersion, latestVersion, ...template }: TemplateState): LaunchTemplate {
  return { ...template, DefaultVersionNumber: defaultVersion, LatestVersionNumber: latestVersion };
}

function viewVersion(
  template: TemplateState,
  version: Omit<LaunchTemplateVersion, 'DefaultVersion'>,
): LaunchTemplateVersion {
  return { ...version, DefaultVersion: version.VersionNumber === template.defaultVersion };
}
