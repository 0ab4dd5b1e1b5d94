// Checks a delivery as a receiver would that has nothing of ours: ed25519 by the key set, HMAC by the secret.
//
// Takes one argument, JSON {jwks, secret, body, id, timestamp, signature}; prints which signatures hold, whether the key's
// id is its thumbprint (RFC 7638), and whether one over another body would hold too.

import { createHash, createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';

const { jwks, secret, body, id, timestamp, signature } = JSON.parse(process.argv[2]);
const signatures = new Map(signature.split(' ').map((part) => part.split(',')));
const jwk = jwks.keys[0];
const key = createPublicKey({ key: jwk, format: 'jwk' });

const text = (content) => Buffer.concat([Buffer.from(`${id}.${timestamp}.`), content]);
const signed = text(Buffer.from(body, 'base64'));
const ed25519 = Buffer.from(signatures.get('v1a'), 'base64');
const mac = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64')).update(signed).digest();
const thumbprint = createHash('sha256').update(JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x })).digest('base64url');

console.log(JSON.stringify({
  v1a: verify(null, signed, key, ed25519),
  v1: timingSafeEqual(mac, Buffer.from(signatures.get('v1'), 'base64')),
  kid: jwk.kid === thumbprint,
  forged: verify(null, text(Buffer.from('{}')), key, ed25519),
}));
