import assert from 'node:assert/strict';
import { behaviour, invalid, refused } from '../harness.mjs';

const nowhere = 'http://127.0.0.1:9/';

async function given(t, url = nowhere, properties) {
  const app = await t.application();
  const endpoint = await t.endpoint(app, url, properties);
  return {
    app,
    endpoint,
    get: () => t.svix.endpoint.getHeaders(app.id, endpoint.id),
    set: (headers) => t.svix.endpoint.setHeaders(app.id, endpoint.id, { headers }),
    patch: (headers) => t.svix.endpoint.patchHeaders(app.id, endpoint.id, { headers }),
  };
}

behaviour('an endpoint begins without headers', async (t) => {
  const { get } = await given(t);
  assert.deepEqual(await get(), { headers: {}, sensitive: [] });
});

behaviour('setting headers replaces them all', async (t) => {
  const { get, set } = await given(t);
  await set({ 'x-one': '1', 'x-two': '2' });
  await set({ 'x-three': '3' });
  assert.deepEqual(await get(), { headers: { 'x-three': '3' }, sensitive: [] });
});

behaviour('patching headers merges, and null deletes', async (t) => {
  const { get, patch } = await given(t);
  await patch({ 'x-one': '1', 'x-absent': null });
  assert.deepEqual((await get()).headers, { 'x-one': '1' });
  await patch({ 'x-two': '2' });
  await patch({ 'x-one': null, 'x-two': '3' });
  assert.deepEqual((await get()).headers, { 'x-two': '3' });
});

behaviour('values of credentials are not shown, only their names', async (t) => {
  const { get, set, patch } = await given(t);
  await set({ Authorization: 'Bearer x', 'X-Api-Key': 'k', 'x-open': 'yes' });
  const shown = await get();
  assert.deepEqual(shown.headers, { 'x-open': 'yes' });
  assert.deepEqual([...shown.sensitive].sort(), ['Authorization', 'X-Api-Key']);
  await patch({ Authorization: null });
  assert.deepEqual((await get()).sensitive, ['X-Api-Key']);
});

behaviour('headers reach the receiver in their own spelling', async (t) => {
  const receiver = await t.receiver();
  const { app, get, set } = await given(t, receiver.url());
  await set({ 'X-Custom-CASE': 'kept', authorization: 'Basic abc' });
  assert.deepEqual((await get()).headers, { 'X-Custom-CASE': 'kept' });
  await t.publish(app);
  const [request] = await t.received(receiver, 1);
  assert.ok(request.rawHeaders.includes('X-Custom-CASE'), request.rawHeaders.join());
  assert.deepEqual([request.headers['x-custom-case'], request.headers.authorization], ['kept', 'Basic abc']);
});

behaviour('changed headers go with the next message', async (t) => {
  const receiver = await t.receiver();
  const { app, set } = await given(t, receiver.url());
  await set({ 'x-state': 'old' });
  await t.publish(app);
  await t.received(receiver, 1);
  await set({ 'x-state': 'new' });
  await t.publish(app);
  assert.equal((await t.received(receiver, 2))[1].headers['x-state'], 'new');
});

behaviour('an endpoint can be created with headers', async (t) => {
  const { get } = await given(t, nowhere, { headers: { 'x-from': 'birth' } });
  assert.deepEqual((await get()).headers, { 'x-from': 'birth' });
});

behaviour('names that belong to the delivery are refused', async (t) => {
  const { get, set, patch } = await given(t);
  const names = [
    'user-agent', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailers', 'transfer-encoding', 'upgrade', 'age', 'cache-control',
    'clear-site-data', 'expires', 'pragma', 'warning', 'content-length', 'content-type', 'content-encoding', 'content-language', 'content-location',
    'Content-Length', 'host', 'connection', 'expect',
  ];
  const prefixes = ['x-amz-', 'x-amzn-', 'x-google', 'x-goog-', 'x-gfe', 'x-azure-', 'x-fd-', 'x-svix-', 'svix-', 'webhook-'];
  for (const name of [...names, ...prefixes.map((prefix) => `${prefix}foo`)]) {
    await invalid(set({ [name]: 'x' }));
    await invalid(patch({ [name]: 'x' }));
  }

  assert.deepEqual((await get()).headers, {});
});

behaviour('what cannot be a header is refused', async (t) => {
  const { set } = await given(t);
  for (const [name, value] of [['some:thing', 'x'], ['with space', 'x'], ['', 'x'], ['x-ok', 'nul\0byte'], ['x-ok', 'new\nline'], ['x-ok', 'x'.repeat(4097)]]) {
    await invalid(set({ [name]: value }), 'body', 'headers');
  }

  await set({ 'x-ok': 'x'.repeat(4096) });
});

behaviour('writing headers answers 204 with an empty body', async (t) => {
  const { app, endpoint } = await given(t);
  for (const method of ['PUT', 'PATCH']) {
    const answer = await t.fetch(method, `/api/v1/app/${app.id}/endpoint/${endpoint.id}/headers`, { body: { headers: {} } });
    assert.deepEqual([answer.status, answer.text], [204, '']);
    assert.equal((await t.fetch(method, `/api/v1/app/${app.id}/endpoint/${endpoint.id}/headers`, { body: {} })).status, 422);
  }

  await refused(t.svix.endpoint.getHeaders(app.id, 'ep_unknown'), 404, 'not_found');
});

behaviour('writing headers counts as a change of the endpoint', async (t) => {
  const { app, endpoint, set } = await given(t);
  await set({ 'x-a': 'b' });
  const after = await t.svix.endpoint.get(app.id, endpoint.id);
  assert.ok(after.updatedAt > endpoint.updatedAt);
  assert.deepEqual(after.createdAt, endpoint.createdAt);
});
