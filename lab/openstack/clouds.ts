import { AUTH_URL, LAB_REGION } from './endpoints.ts';

export const LAB_CLOUD = 'lab';

/** The administrator's entry: the only place on disk with a password of the lab. */
export function renderClouds(password: string): string {
  return `clouds:
  ${LAB_CLOUD}:
    auth:
      auth_url: ${AUTH_URL}
      username: admin
      password: "${password}"
      project_name: admin
      user_domain_id: default
      project_domain_id: default
    region_name: ${LAB_REGION}
    identity_api_version: 3
    interface: public
`;
}

/** The password in what `renderClouds` wrote. */
export function readPassword(clouds: string): string | undefined {
  return /^ {6}password: "([0-9a-f]+)"$/m.exec(clouds)?.[1];
}
