// Bearer tokens made here with bare HMAC, not by the system under test.
import { createHmac, randomUUID } from 'node:crypto';

const encode = (value) => Buffer.from(value).toString('base64url');

/** Signs claims as they are. */
export function sign(claims, secret, header = { alg: 'HS256', typ: 'JWT' }) {
  const unsigned = `${encode(JSON.stringify(header))}.${encode(JSON.stringify(claims))}`;
  return `${unsigned}.${createHmac('sha256', secret).update(unsigned).digest('base64url')}`;
}

/** An id for an organization that nobody has used yet. */
export const newOrganization = () => `org_${randomUUID().replaceAll('-', '')}`;

/** A token for everything in an organization. */
export const organizationToken = (organization, secret) => sign({ sub: organization, iss: 'sdk-tests' }, secret);

/** A token for one application, as a customer's portal has it. */
export const applicationToken = (organization, application, secret, featureFlags) =>
  sign({ org: organization, sub: application, ...(featureFlags && { feature_flags: featureFlags }) }, secret);

/** What a token says, unchecked. */
export const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
