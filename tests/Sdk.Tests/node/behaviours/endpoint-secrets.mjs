import assert from 'node:assert/strict';
import { createHash, createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { behaviour, eventually, invalid, refused } from '../harness.mjs';

const nowhere = 'http://127.0.0.1:9/';
const symmetric = (bytes) => `whsec_${randomBytes(bytes).toString('base64')}`;

/** A signing key pair: the secret form, the public form, and the key itself. */
function asymmetric() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const [seed, point] = [privateKey.export({ format: 'jwk' }).d, publicKey.export({ format: 'jwk' }).x].map((part) => Buffer.from(part, 'base64url'));
  return {
    secret: `whsk_${Buffer.concat([seed, point]).toString('base64')}`,
    shown: `whpk_${point.toString('base64')}`,
    key: createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') }, format: 'jwk' }),
  };
}

const signatures = (request) => request.headers['svix-signature'].split(' ');

behaviour('a generated secret is of 24 random bytes', async (t) => {
  const app = await t.application();
  const keys = new Set();
  for (let number = 0; number < 3; number++) {
    const endpoint = await t.endpoint(app, nowhere);
    const { key } = await t.svix.endpoint.getSecret(app.id, endpoint.id);
    assert.match(key, /^whsec_[0-9A-Za-z+/]{32}$/);
    keys.add(key);
  }

  assert.equal(keys.size, 3);
});

behaviour('a delivery verifies under the secret of its endpoint and no other', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  const { key } = await t.svix.endpoint.getSecret(app.id, endpoint.id);
  await t.publish(app, { payload: { text: 'Grüße €' } });
  const [request] = await t.received(receiver, 1);
  t.verify(request, key);
  assert.throws(() => t.verify(request, symmetric(24)));
  assert.throws(() => t.verify({ ...request, body: `${request.body} ` }, key));
});

behaviour('a given secret comes back as it was given', async (t) => {
  const app = await t.application();
  const pair = asymmetric();
  for (const [secret, shown] of [[symmetric(24), null], [symmetric(75), null], [pair.secret, pair.shown]]) {
    const endpoint = await t.endpoint(app, nowhere, { secret });
    assert.equal((await t.svix.endpoint.getSecret(app.id, endpoint.id)).key, shown ?? secret);
  }
});

behaviour('a secret that is none is refused', async (t) => {
  const app = await t.application();
  const endpoint = await t.endpoint(app, nowhere);
  const badPair = `whsk_${createHash('sha512').update('not a pair').digest('base64')}`;
  for (const secret of [symmetric(23), symmetric(76), 'whsec_%%%', randomBytes(24).toString('base64'), asymmetric().shown, badPair, `other_${randomBytes(24).toString('base64')}`]) {
    await invalid(t.endpoint(app, nowhere, { secret }), 'body', 'key');
    await invalid(t.svix.endpoint.rotateSecret(app.id, endpoint.id, { key: secret }), 'body', 'key');
  }
});

behaviour('an asymmetric secret signs so that its public key verifies', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const pair = asymmetric();
  await t.endpoint(app, receiver.url(), { secret: pair.secret });
  await t.publish(app);
  const [request] = await t.received(receiver, 1);
  const [[scheme, signature], ...others] = signatures(request).map((one) => one.split(','));
  assert.deepEqual([scheme, others], ['v1a', []]);
  const signed = Buffer.from(`${request.id}.${request.headers['svix-timestamp']}.${request.body}`);
  assert.ok(verify(null, signed, pair.key, Buffer.from(signature, 'base64')));
});

behaviour('rotating makes a new secret, and back to the former one works', async (t) => {
  const app = await t.application();
  const endpoint = await t.endpoint(app, nowhere);
  const { key: former } = await t.svix.endpoint.getSecret(app.id, endpoint.id);
  await t.svix.endpoint.rotateSecret(app.id, endpoint.id, { key: null });
  const { key: next } = await t.svix.endpoint.getSecret(app.id, endpoint.id);
  assert.notEqual(next, former);
  await t.svix.endpoint.rotateSecret(app.id, endpoint.id, { key: former });
  assert.equal((await t.svix.endpoint.getSecret(app.id, endpoint.id)).key, former);
});

behaviour('rotating answers 204 and takes an empty object', async (t) => {
  const app = await t.application();
  const endpoint = await t.endpoint(app, nowhere);
  const path = `/api/v1/app/${app.id}/endpoint/${endpoint.id}/secret/rotate`;
  const answer = await t.fetch('POST', path, { body: {} });
  assert.deepEqual([answer.status, answer.text], [204, '']);
  assert.equal((await t.fetch('POST', path)).status, 422);
  await refused(t.svix.endpoint.rotateSecret(app.id, 'ep_unknown', {}), 404, 'not_found');
});

behaviour('after two rotations a delivery verifies under all three secrets', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const keys = [symmetric(24), symmetric(32), symmetric(48)];
  const endpoint = await t.endpoint(app, receiver.url(), { secret: keys[0] });
  await t.svix.endpoint.rotateSecret(app.id, endpoint.id, { key: keys[1] });
  await t.svix.endpoint.rotateSecret(app.id, endpoint.id, { key: keys[2] });
  await t.publish(app);
  const [request] = await t.received(receiver, 1);
  assert.equal(signatures(request).length, 3);
  for (const key of keys) {
    t.verify(request, key);
  }

  // The current key signs first.
  t.verify({ ...request, headers: { ...request.headers, 'svix-signature': signatures(request)[0] } }, keys[2]);
});

behaviour('old secrets of both kinds sign side by side', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const [plain, pair] = [symmetric(24), asymmetric()];
  const endpoint = await t.endpoint(app, receiver.url(), { secret: pair.secret });
  await t.svix.endpoint.rotateSecret(app.id, endpoint.id, { key: plain });
  await t.publish(app);
  const [request] = await t.received(receiver, 1);
  assert.deepEqual(signatures(request).map((one) => one.split(',')[0]), ['v1', 'v1a']);
  t.verify(request, plain);
});

behaviour('without a grace period the old secret ends at once', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const [old, next] = [symmetric(24), symmetric(24)];
  const endpoint = await t.endpoint(app, receiver.url(), { secret: old });
  await t.svix.endpoint.rotateSecret(app.id, endpoint.id, { key: next, gracePeriodSeconds: 0 });
  await t.publish(app);
  const [request] = await t.received(receiver, 1);
  assert.equal(signatures(request).length, 1);
  t.verify(request, next);
  assert.throws(() => t.verify(request, old));
});

behaviour('a grace period ends', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  await t.svix.endpoint.rotateSecret(app.id, endpoint.id, { gracePeriodSeconds: 2 });
  await t.publish(app);
  const [request] = await t.received(receiver, 1);
  assert.equal(signatures(request).length, 2);
  await eventually('one signature is left', async () => {
    const { id } = await t.publish(app);
    await eventually('it has arrived', () => receiver.requests.some((one) => one.id === id));
    return signatures(receiver.requests.find((one) => one.id === id)).length === 1;
  });
});

behaviour('no more than ten old secrets are kept', async (t) => {
  const app = await t.application();
  const endpoint = await t.endpoint(app, nowhere);
  const rotate = (body) => t.svix.endpoint.rotateSecret(app.id, endpoint.id, body);
  await rotate({ gracePeriodSeconds: 2 });
  for (let number = 1; number < 10; number++) {
    await rotate({});
  }

  await refused(rotate({}), 400, 'limit_reached');
  await eventually('the first one has run out', async () => {
    await rotate({});
    return true;
  });
  await refused(rotate({}), 400, 'limit_reached');
});

behaviour('rotating counts as a change of the endpoint', async (t) => {
  const app = await t.application();
  const endpoint = await t.endpoint(app, nowhere);
  await t.svix.endpoint.rotateSecret(app.id, endpoint.id, {});
  const after = await t.svix.endpoint.get(app.id, endpoint.id);
  assert.ok(after.updatedAt > endpoint.updatedAt);
  assert.deepEqual(after.createdAt, endpoint.createdAt);
});

behaviour('a grace period is at most a week', async (t) => {
  const app = await t.application();
  const endpoint = await t.endpoint(app, nowhere);
  await invalid(t.svix.endpoint.rotateSecret(app.id, endpoint.id, { gracePeriodSeconds: 604_801 }));
  await invalid(t.svix.endpoint.rotateSecret(app.id, endpoint.id, { gracePeriodSeconds: -1 }));
  await t.svix.endpoint.rotateSecret(app.id, endpoint.id, { gracePeriodSeconds: 604_800 });
});
