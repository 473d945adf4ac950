import { z } from 'zod';

const optional = z.union([z.string(), z.number()]).transform(String).optional();

/** Of the many keys that clients know, those that decide where and as whom a request goes. */
export const entrySchema = z.looseObject({
  auth_type: z.string().optional(),
  auth: z.looseObject({
    auth_url: z.string(),
    username: optional,
    user_id: optional,
    password: optional,
    user_domain_name: optional,
    user_domain_id: optional,
    project_name: optional,
    project_id: optional,
    project_domain_name: optional,
    project_domain_id: optional,
    domain_name: optional,
    domain_id: optional,
    application_credential_id: optional,
    application_credential_name: optional,
    application_credential_secret: optional,
    token: optional,
  }),
  region_name: optional,
  interface: z.string().optional(),
  cacert: z.string().optional(),
  verify: z.boolean().optional(),
});

export type CloudsEntry = z.output<typeof entrySchema>;
