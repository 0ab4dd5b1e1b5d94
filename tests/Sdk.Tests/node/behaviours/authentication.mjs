import assert from 'node:assert/strict';
import { behaviour, invalid, refused } from '../harness.mjs';
import { applicationToken, claimsOf, organizationToken, sign } from '../tokens.mjs';

const now = () => Math.floor(Date.now() / 1000);

behaviour('a token that is none is refused with 401', async (t) => {
  const body = await refused(t.connect('rubbish').application.list(), 401, 'authentication_failed');
  assert.equal(body.detail, 'Invalid token');
  await refused(t.connect(organizationToken(t.organization, 'another secret')).application.list(), 401, 'authentication_failed');
  for (const headers of [{}, { authorization: t.token }, { authorization: `Basic ${t.token}` }]) {
    const answer = await t.fetch('GET', '/api/v1/app', { bearer: null, headers });
    assert.deepEqual([answer.status, answer.json], [401, { code: 'authentication_failed', detail: 'Invalid token' }]);
  }
});

behaviour('the secret itself as a token is refused with a hint', async (t) => {
  const body = await refused(t.connect(t.secret).application.list(), 401, 'authentication_failed');
  assert.notEqual(body.detail, 'Invalid token');
  assert.ok(body.detail.length > 'Invalid token'.length);
});

behaviour('times in a token are kept to with a quarter of an hour to spare', async (t) => {
  const listing = (claims) => t.connect(sign({ sub: t.organization, ...claims }, t.secret)).application.list();
  await refused(listing({ exp: now() - 3600 }), 401, 'authentication_failed');
  await refused(listing({ nbf: now() + 3600 }), 401, 'authentication_failed');
  assert.equal((await listing({ exp: now() - 300 })).done, true);
  assert.equal((await listing({ nbf: now() + 300, exp: now() + 3600, iat: now() })).done, true);
});

behaviour('a token must name an organization', async (t) => {
  await refused(t.connect(sign({ sub: 'user_1' }, t.secret)).application.list(), 400, 'bad_token');
  await refused(t.connect(sign({ iss: 'x' }, t.secret)).application.list(), 401, 'authentication_failed');
  await refused(t.connect(sign({ sub: 'user_1', org: t.organization }, t.secret)).application.list(), 400, 'bad token');
});

behaviour('an unsigned token is refused', async (t) => {
  const [header, claims] = sign({ sub: t.organization }, t.secret, { alg: 'none', typ: 'JWT' }).split('.');
  await refused(t.connect(`${header}.${claims}.`).application.list(), 401, 'authentication_failed');
});

behaviour('portal access gives a token for one application', async (t) => {
  const app = await t.application({ uid: 'customer' });
  const access = await t.svix.authentication.appPortalAccess('customer', {});
  assert.doesNotThrow(() => new URL(access.url));
  const claims = claimsOf(access.token);
  assert.deepEqual([claims.org, claims.sub], [t.organization, app.id]);
  const days = (claims.exp - now()) / 86400;
  assert.ok(days > 27.9 && days < 28.1, `${days} days`);
  assert.deepEqual(await t.connect(access.token).application.get(app.id), app);
});

behaviour('portal access carries feature flags', async (t) => {
  const app = await t.application();
  const access = await t.svix.authentication.appPortalAccess(app.id, { featureFlags: ['beta'] });
  assert.deepEqual(claimsOf(access.token).feature_flags, ['beta']);
  await invalid(t.svix.authentication.appPortalAccess(app.id, { featureFlags: ['not a flag'] }));
});

behaviour('portal access can create the application', async (t) => {
  await refused(t.svix.authentication.appPortalAccess('fresh', {}), 404, 'not_found');
  const access = await t.svix.authentication.appPortalAccess('fresh', { application: { name: 'Fresh', uid: 'fresh' } });
  const app = await t.svix.application.get('fresh');
  assert.deepEqual([app.name, claimsOf(access.token).sub], ['Fresh', app.id]);
  await t.svix.authentication.appPortalAccess('fresh', { application: { name: 'Other', uid: 'fresh' } });
  assert.equal((await t.svix.application.get('fresh')).name, 'Fresh');
});

behaviour('portal access creates no application under another uid', async (t) => {
  const mismatch = await invalid(t.svix.authentication.appPortalAccess('one', { application: { name: 'x', uid: 'two' } }), 'body', 'application', 'uid');
  assert.equal(mismatch[0].type, 'application_uid_mismatch');
  const missing = await invalid(t.svix.authentication.appPortalAccess('one', { application: { name: 'x' } }), 'body', 'application', 'uid');
  assert.equal(missing[0].type, 'application_uid_missing');
});

behaviour('old dashboard access needs no body', async (t) => {
  const app = await t.application();
  const access = await t.svix.authentication.dashboardAccess(app.id);
  assert.equal((await t.connect(access.token).application.get(app.id)).id, app.id);
}, { only: 'svix1' });

behaviour('dashboard access answers the same with a null body', async (t) => {
  const app = await t.application();
  for (const body of [undefined, 'null', '{}']) {
    const answer = await t.fetch('POST', `/api/v1/auth/dashboard-access/${app.id}`, { body });
    assert.equal(answer.status, 200);
    assert.deepEqual(Object.keys(answer.json).sort(), ['token', 'url']);
  }
});

behaviour('logging out succeeds without a body', async (t) => {
  await t.svix.authentication.logout();
  const answer = await t.fetch('POST', '/api/v1/auth/logout');
  assert.deepEqual([answer.status, answer.text], [204, '']);
});

behaviour('a customer may not manage applications', async (t) => {
  const app = await t.application();
  const customer = t.customer(app);
  assert.deepEqual(await customer.application.get(app.id), app);
  for (const call of [
    () => customer.application.list(),
    () => customer.application.create({ name: 'x' }),
    () => customer.application.upsert(app.id, { name: 'x' }),
    () => customer.application.patch(app.id, { name: 'x' }),
    () => customer.application.delete(app.id),
    () => customer.authentication.appPortalAccess(app.id, {}),
  ]) {
    await refused(call(), 403, 'insufficient access');
  }
});

behaviour('a customer does not see other applications', async (t) => {
  const [own, other] = [await t.application({ uid: 'own' }), await t.application({ uid: 'other' })];
  const customer = t.customer(own);
  assert.equal((await customer.application.get('own')).id, own.id);
  for (const call of [
    () => customer.application.get('other'),
    () => customer.endpoint.list(other.id),
    () => customer.endpoint.create(other.id, { url: 'http://127.0.0.1/' }),
    () => customer.message.list('other'),
  ]) {
    await refused(call(), 404, 'not_found');
  }
});

behaviour('a customer manages endpoints of the own application', async (t) => {
  const app = await t.application();
  const customer = t.customer(app);
  const endpoint = await customer.endpoint.create(app.id, { url: 'http://127.0.0.1:9/' });
  await customer.endpoint.patch(app.id, endpoint.id, { description: 'mine' });
  await customer.endpoint.setHeaders(app.id, endpoint.id, { headers: { 'x-a': 'b' } });
  assert.match((await customer.endpoint.getSecret(app.id, endpoint.id)).key, /^whsec_/);
  await customer.endpoint.rotateSecret(app.id, endpoint.id, {});
  assert.equal((await customer.endpoint.list(app.id)).data[0].description, 'mine');
  await customer.endpoint.delete(app.id, endpoint.id);
});

behaviour('a customer reads messages and attempts but publishes nothing', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  const message = await t.publish(app);
  const [attempt] = await t.attempts(app, message, 1);
  const customer = t.customer(app);
  assert.equal((await customer.message.list(app.id)).data.length, 1);
  assert.equal((await customer.message.get(app.id, message.id)).id, message.id);
  assert.equal((await customer.messageAttempt.listByEndpoint(app.id, endpoint.id)).data.length, 1);
  assert.equal((await customer.messageAttempt.listByMsg(app.id, message.id)).data.length, 1);
  assert.equal((await customer.messageAttempt.get(app.id, message.id, attempt.id)).id, attempt.id);
  await refused(customer.message.create(app.id, { eventType: 'x', payload: {} }), 403, 'insufficient access');
});

behaviour('a customer may not erase content', async (t) => {
  const app = await t.application();
  const message = await t.publish(app);
  const customer = t.customer(app);
  await refused(customer.message.expungeContent(app.id, message.id), 403, 'insufficient access');
  await refused(customer.messageAttempt.expungeContent(app.id, message.id, 'atmpt_none'), 403, 'insufficient access');
});

behaviour('a customer may send an example to an endpoint of its own, and to no other', async (t) => {
  const [app, other] = [await t.application(), await t.application()];
  const endpoint = await t.endpoint(app, 'http://127.0.0.1:9/', { disabled: true });
  const foreign = await t.endpoint(other, 'http://127.0.0.1:9/', { disabled: true });
  const customer = t.customer(app);
  assert.equal((await customer.endpoint.sendExample(app.id, endpoint.id, { eventType: 'svix.ping' })).eventType, 'svix.ping');
  await refused(customer.endpoint.sendExample(other.id, foreign.id, { eventType: 'svix.ping' }), 404);
  await refused(customer.endpoint.sendExample(app.id, foreign.id, { eventType: 'svix.ping' }), 404);
});

behaviour('only an organization may redrive dead letters', async (t) => {
  const app = await t.application();
  const refusal = await t.fetch('POST', '/api/v1/admin/redrive-dlq', { bearer: applicationToken(t.organization, app.id, t.secret) });
  assert.deepEqual([refusal.status, refusal.json.code], [403, 'insufficient access']);
  assert.equal((await t.fetch('POST', '/api/v1/admin/redrive-dlq')).status, 204);
});
