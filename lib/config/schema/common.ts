import { bech32 } from '@scure/base';
import { z } from 'zod';
import { messageOf } from '../../errors/tandem-error.ts';
import { Cidr } from '../../net/cidr.ts';
import { isIpv4 } from '../../net/ipv4.ts';
import { nearest } from '../../text/nearest.ts';
import { AWS_REGIONS } from '../aws-names.ts';
import { because } from '../diagnostic.ts';
import { isInstanceType, nearestInstanceType } from '../instance-types.ts';
import { secretIn } from '../secret-in-text.ts';
import { TIME_ZONES } from '../time-zones.ts';

/** Names that AWS, OpenStack, DNS and Terraform all accept: lowercase letters, digits and hyphens. */
export const name = (maximum = 32) =>
  z
    .string()
    .regex(/^[a-z](?:-?[a-z0-9])*$/, {
      error: because(
        'a name has lowercase letters, digits and single hyphens, and starts with a letter',
        'write one like web-1',
      ),
    })
    .max(maximum, {
      error: because(
        `a name here has at most ${maximum} characters, so that both clouds accept the names made from it`,
        'shorten it',
      ),
    })
    .meta({ title: 'name' });

/** As `name`, without hyphens: stack ids and artefact folders join these with hyphens. */
export const plainName = (maximum = 16) =>
  z
    .string()
    .regex(/^[a-z][a-z0-9]*$/, {
      error: because(
        'this name has lowercase letters and digits only, and starts with a letter',
        'write one like paris',
      ),
    })
    .max(maximum, { error: because(`a name here has at most ${maximum} characters`, 'shorten it') })
    .meta({ title: 'name without hyphens' });

/** Free text, which each renderer keeps as text; what none could keep is refused wherever it stands (`scalar.ts`). */
export const text = (maximum = 200) =>
  z.string().max(maximum, { error: because(`text here has at most ${maximum} characters`, 'shorten it') });

/** What a service calls something of its own, such as a project or a domain: words, in one line. */
export const label = (maximum = 64) =>
  text(maximum)
    .regex(/^(?![\s-])[^\n\t]*$/, {
      error: because('a name is one line, and begins with neither a space nor a hyphen', 'write one like admin'),
    })
    .meta({ title: 'name of a service' });

/** A file or a folder. No program may take it for an option. */
export const path = text(1024)
  .regex(/^(?![\s-])[^\n\t]+$/, {
    error: because('a path is one line, and begins with neither a space nor a hyphen', 'write one like files/web.yaml'),
  })
  .meta({ title: 'path' });

/** Every AWS Region that the CDK knows. */
export const awsRegion = z
  .string()
  .refine((value) => AWS_REGIONS.has(value), { error: ({ input }) => unknownRegion(String(input)) })
  .meta({ title: 'AWS Region' });

function unknownRegion(input: string): string {
  const [nearby = 'eu-west-3'] = nearest(input, AWS_REGIONS);
  return because('there is no AWS Region of this name, as of November 2026', `write one like ${nearby}`);
}

export const cidr = z
  .string()
  .superRefine((value, context) => {
    try {
      Cidr.parse(value);
    } catch (error) {
      const why = messageOf(error);
      const canonical = /the network is (\S+)$/.exec(why)?.[1];
      context.addIssue({
        code: 'custom',
        message: because(why, canonical === undefined ? 'write a network like 10.4.0.0/22' : `write ${canonical}`),
      });
    }
  })
  .meta({ title: 'IPv4 network' });

export const ipv4 = z
  .string()
  .refine(isIpv4, { error: because('it is not an IPv4 address', 'write one like 10.4.0.10') })
  .meta({ title: 'IPv4 address' });

export const fqdn = z
  .string()
  .regex(/^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/, {
    error: because(
      'it is not a fully qualified domain name',
      'write one like cloud.example.org, lowercase and without a final dot',
    ),
  })
  .meta({ title: 'domain name' });

export const server = z
  .string()
  .refine((value) => isIpv4(value) || fqdn.safeParse(value).success, {
    error: because('it is neither an IPv4 address nor a domain name', 'write one like 192.0.2.10 or ntp1.example.org'),
  })
  .meta({ title: 'IPv4 address or domain name' });

/** As RFC 5321 has it, quoted local parts included. Tags of both clouds take no more characters than the limit. */
export const email = z
  .string()
  .max(240, { error: because('an e-mail address here has at most 240 characters', 'write a shorter one') })
  .regex(
    /^(?=[^@]{1,64}@|"(?:[^"\\]|\\.){0,62}"@)(?:[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*|"(?:[ !#-[\]-~]|\\[ -~])+")@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/i,
    { error: because('it is not an e-mail address', 'write one like alice@example.org') },
  )
  .refine((value) => !/[$%]\{/.test(value), {
    error: because('Terraform and CloudFormation would evaluate ${…} and %{…}', 'write it without the braces'),
  })
  .meta({ title: 'e-mail address' });

/** Characters that a URL has: others are written in percent, as in `%7B`. */
export const url = text(2048)
  .regex(/^https?:\/\/[\w.~:/?#[\]@!$&'()*+,;=%-]+$/, {
    error: because('it is not an http or https URL', 'write one like https://cloud.example.org:5000/v3'),
  })
  .refine((value) => URL.canParse(value), {
    error: because('it is not an http or https URL', 'write one like https://cloud.example.org:5000/v3'),
  })
  // What is a secret by its form is told by the check for secrets.
  .refine((value) => !/^https?:\/\/[^/?#]*@/.test(value) || secretIn(value) !== undefined, {
    error: because(
      'it names a user before the host, and the configuration is in git',
      'write it without what stands before the @; credentials are stored with `tandem secret put secret:<name>`',
    ),
  })
  .meta({ title: 'URL' });

export const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: because('a date is written YYYY-MM-DD', 'write one like 2026-12-31') })
  .superRefine(existingDay)
  .meta({ title: 'day' });

/** An instant or a day: `2026-12-31` or `2026-12-31T18:00:00Z`. */
export const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?Z)?$/, {
    error: because('a date is written YYYY-MM-DD, or YYYY-MM-DDTHH:MMZ in UTC', 'write one like 2026-12-31'),
  })
  .superRefine(existingDay)
  .meta({ title: 'day or instant' });

export const timeOfDay = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: because('it is no time of day', 'write one like 02:30') })
  .meta({ title: 'time of day' });

/** By its name at IANA, whose older names count too. */
export const timeZone = z
  .string()
  .refine((value) => TIME_ZONES.has(value), {
    error: ({ input }) => {
      const [nearby = 'Europe/Paris'] = nearest(String(input), TIME_ZONES);
      return because('it is not an IANA time zone', `write one like ${nearby}`);
    },
  })
  .meta({ title: 'time zone' });

function existingDay(value: string, context: z.RefinementCtx): void {
  if (!/^\d{4}-\d{2}-\d{2}/.test(value) || isDay(value)) return;
  const [day = '', time] = value.split('T');
  const fix = isDay(day)
    ? `write ${day}, or a time like ${day}T18:00Z`
    : `write ${nearestDay(day)}${time === undefined ? '' : `T${time}`}`;
  context.addIssue({ code: 'custom', message: because('there is no such day or time', fix) });
}

/** `Date.parse` takes the 31st of November for the 1st of December. */
function isDay(value: string): boolean {
  const parsed = Date.parse(value);
  return !Number.isNaN(parsed) && new Date(parsed).toISOString().startsWith(value.slice(0, 10));
}

/** The last day before one that the calendar does not have. */
function nearestDay(text: string): string {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const inYear = Math.min(12, Math.max(1, month));
  const last = new Date(Date.UTC(year, inYear, 0)).getUTCDate();
  const two = (number: number) => String(number).padStart(2, '0');
  return `${text.slice(0, 4)}-${two(inYear)}-${two(Math.min(last, Math.max(1, day)))}`;
}

export const count = (minimum: number, maximum: number) => z.int().min(minimum).max(maximum);
export const port = count(1, 65535);

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, {
  error: because('it is no SHA-256 in 64 small hexadecimal digits', 'write what `sha256sum` prints of the file'),
});

/** Path of a page, as a health check asks for it. */
export const urlPath = text(200)
  .regex(/^\/[A-Za-z0-9._~/-]*$/, {
    error: because('a path of a URL begins with / and has letters, digits and . _ ~ - alone', 'write one like /health'),
  })
  .meta({ title: 'path of a URL' });
/** Money. */
export const amount = z.number().min(0);
/** A share between 0 and 1 is one that was not written in percent. */
export const percent = z
  .number()
  .min(0)
  .max(100)
  .refine((value) => value === 0 || value >= 1, {
    error: ({ input }) => because('it is written in percent, from 0 to 100', `write ${asPercent(Number(input))}`),
  });

/** "0.5" is 50. */
function asPercent(share: number): number {
  return Math.round(share * 100 * 1000) / 1000;
}

/** References to secrets; never a secret. */
export const secretReference = z
  .string()
  .regex(/^secret:[a-z0-9][a-z0-9/_-]*$/, {
    error: because(
      'configuration holds references to secrets, never secrets',
      'write secret:<name>, and store the value with `tandem secret put secret:<name>`',
    ),
  })
  .meta({ title: 'reference to a secret' });

export const awsAccount = z
  .string()
  .regex(/^\d{12}$/, { error: because('an AWS account is 12 digits, quoted', 'write one like "111122223333"') })
  .meta({ title: 'AWS account' });

/** A type that EC2 has, and that no dedicated host must be allocated for. */
export const instanceType = z
  .string()
  .refine(isInstanceType, {
    error: ({ input }) => because(typeProblem(String(input)), `write one like ${nearestInstanceType(String(input))}`),
  })
  .meta({ title: 'EC2 instance type' });

function typeProblem(type: string): string {
  return /^mac/.test(type)
    ? 'a Mac runs only on a dedicated host, which nothing here allocates'
    : 'EC2 has no such instance type, as of November 2026';
}

/** A named thing of a list: `z.record` keeps names as keys, so that one name cannot stand twice. */
export const named = <T extends z.ZodType>(value: T, key: z.ZodType<string, string> = name()) => z.record(key, value);

/** An age public key (X25519): Bech32 with the prefix `age` and a checksum, so that no key is mistyped. */
export const ageRecipient = z
  .string()
  .refine((value) => value.length === 62 && value.startsWith('age1') && bech32.decodeUnsafe(value) !== undefined, {
    error: because(
      'it is no public key of age, or has a typing error',
      'write what `tandem secret key` prints, 62 characters from age1 on; a secret key never stands here',
    ),
  })
  .meta({ title: 'age public key' });

/** A line of OpenSSH: who has the other half may log in. */
export const sshKey = z.string().regex(
  // One space between two parts: where one ends is never tried twice.
  /^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp256|sk-ssh-ed25519@openssh\.com) [A-Za-z0-9+/]+={0,2}(?: [^\n\t]*)?$/,
  {
    error: because(
      'it is not an OpenSSH public key of an accepted type',
      'write the line of the .pub file, of type ssh-ed25519, ssh-rsa, ecdsa-sha2-nistp256 or sk-ssh-ed25519@openssh.com',
    ),
  },
);
