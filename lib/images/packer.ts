import type { Entity } from '../config/project.ts';
import type { Cloud } from '../config/schema/cloud.ts';
import type { Image } from './image.ts';

export const BUILDERS = ['openstack', 'amazon-ebs'] as const;
export type Builder = (typeof BUILDERS)[number];

/** Debian's own account at AWS: https://wiki.debian.org/Cloud/AmazonEC2Image */
const DEBIAN_ACCOUNT = '136693071363';

/** What the image is made on, where it isn't said when it is built. */
export interface PackerDefaults {
  /** AWS Region. */
  readonly region: string;
}

/** Files of an image by name: Packer's template, and the scripts that both builders run. The same bytes for the same image. */
export function packerFiles(
  image: Image,
  cloud: Entity<Cloud>,
  defaults: PackerDefaults,
): Readonly<Record<string, string>> {
  return { 'image.pkr.hcl': template(image, cloud, defaults), 'install.sh': image.script, 'clean.sh': CLEAN };
}

function template(image: Image, cloud: Entity<Cloud>, { region }: PackerDefaults): string {
  const contents = Object.entries(image.components).map(([name, version]) => `${name} ${version}`);
  return `# Image ${image.name}: ${contents.join(', ')} on Debian 12. Both builders run the same install.sh.
# Packer 1.6.6 of Debian 12 has both. From 1.10 on they are plug-ins: run \`packer plugins install github.com/hashicorp/openstack\`
# and \`packer plugins install github.com/hashicorp/amazon\` once.

variable "network" {
  type        = string
  default     = ""
  description = "Id of the OpenStack network to build in. Default: the only one of the project."
}

variable "floating_network" {
  type        = string
  default     = ""
  description = "OpenStack network that a floating address comes from. Default: none, the server is reached directly."
}

variable "region" {
  type        = string
  default     = ${hcl(region)}
  description = "AWS Region."
}

source "openstack" "image" {
  cloud               = ${hcl(cloud.value.endpoint.cloudsYaml)}
  region              = ${hcl(cloud.value.endpoint.region)}
  image_name          = ${hcl(image.versionedName)}
  source_image_name   = ${hcl(image.from.image)}
  flavor              = ${hcl(image.from.flavor)}
  networks            = var.network == "" ? [] : [var.network]
  floating_ip_network = var.floating_network
  ssh_username        = ${hcl(image.from.user)}
  config_drive        = false
  metadata = {
${entries(image, 4)}
  }
}

source "amazon-ebs" "image" {
  region        = var.region
  ami_name      = ${hcl(image.versionedName)}
  instance_type = "m5.large"
  ssh_username  = "admin"
  encrypt_boot  = true
  source_ami_filter {
    filters = {
      name                = "debian-12-amd64-*"
      root-device-type    = "ebs"
      virtualization-type = "hvm"
    }
    owners      = [${hcl(DEBIAN_ACCOUNT)}]
    most_recent = true
  }
  tags = {
${entries(image, 4)}
  }
}

build {
  sources = ["source.openstack.image", "source.amazon-ebs.image"]

  provisioner "shell" {
    inline = ["cloud-init status --wait >/dev/null || true"]
  }

  provisioner "shell" {
    script          = "install.sh"
    execute_command = "sudo env {{ .Vars }} sh '{{ .Path }}'"${mirrors(cloud.value)}
  }

  provisioner "shell" {
    script          = "clean.sh"
    execute_command = "sudo sh '{{ .Path }}'"
  }

  post-processor "manifest" {
    output = "manifest.json"
  }
}
`;
}

/** A text of HCL, which evaluates nothing in it. */
export function hcl(text: string): string {
  return JSON.stringify(text).replaceAll(/[$%]\{/g, (found) => `${found.charAt(0)}${found}`);
}

/** Of the image, so that it says what is in it. */
function entries(image: Image, indent: number): string {
  const all = { 'tandem-image': image.name, ...prefixed(image.components) };
  return Object.entries(all)
    .map(([key, value]) => `${' '.repeat(indent)}${hcl(key)} = ${hcl(value)}`)
    .join('\n');
}

function prefixed(components: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(components).map(([name, version]) => [`tandem-${name}`, version]));
}

/** Those of the private cloud are of no use to AWS: who builds there gives their own. */
function mirrors({ mirrors: known = {} }: Cloud): string {
  const lines = Object.entries(known).flatMap(([from, url]) =>
    url === undefined ? [] : [`TANDEM_MIRROR_${from.toUpperCase()}=${url}`],
  );
  if (lines.length === 0) return '';
  const variables = `environment_vars = [${lines.map(hcl).join(', ')}]`;
  return `
    override = {
      openstack = {
        ${variables}
      }
    }`;
}

/** Takes away what every server must have of its own. */
const CLEAN = `#!/bin/sh
set -eu
apt-get -q clean
rm -rf /var/lib/apt/lists/*
if command -v cloud-init >/dev/null; then cloud-init clean --logs; fi
rm -f /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub /root/.ssh/authorized_keys /home/*/.ssh/authorized_keys
: >/etc/machine-id
sync
`;
