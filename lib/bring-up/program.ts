import { TAKE_SECRETS } from './boot-token.ts';
import { APPLY } from './program/apply.ts';
import { COMMANDS } from './program/commands.ts';
import { SYSTEM } from './program/system.ts';
import { TEMPLATES } from './program/templates.ts';

/** Where the program stands on a server. */
export const PROGRAM_PATH = '/usr/local/lib/tandem/bring-up';
/** Its manifest, `install.sh` and `mirrors`. */
export const CONFIGURATION_PATH = '/etc/tandem';
/**
 * What it remembers; secrets below `secrets/<component>/<name>`, readable by root alone. Not `/var/lib/tandem`: systemd gives that to the
 * agent of production's workers.
 */
export const STATE_PATH = '/var/lib/tandem-bring-up';

const HEAD = String.raw`#!/usr/bin/env python3
"""Brings a server up as its lease says, and keeps it so: written by Tandem, run by a timer each minute."""
import argparse, fcntl, glob, grp, hashlib, json, os, pwd, re, socket, ssl, stat, subprocess, sys, tempfile, time
import urllib.error, urllib.parse, urllib.request

METADATA = "http://169.254.169.254/openstack/latest/meta_data.json"
CONFIGURATION = "/etc/tandem"
STATE = "/var/lib/tandem-bring-up"
# Until the next start of the server.
DRAINED = "/run/tandem-drained"
# Seconds that restarts of two members of a tier are apart at least. Clocks may differ by a fifth of it.
SLOT = float(os.environ.get("TANDEM_SLOT_SECONDS", "120"))
`;

/**
 * The program on a server: Python 3 of its standard library alone. It asks the metadata who the server is, installs, mounts the volume,
 * fills in templates, starts units, and does it again each minute, so that changed metadata is followed in place.
 */
export const PROGRAM = [HEAD, TAKE_SECRETS, SYSTEM, TEMPLATES, APPLY, COMMANDS].join('');
