import assert from 'node:assert/strict';
import { behaviour, invalid, refused } from '../harness.mjs';

behaviour('a created application reads back as it was answered', async (t) => {
  const app = await t.svix.application.create({ name: 'Bakery', uid: 'bakery', throttleRate: 7, metadata: { town: 'Graz' } });
  assert.match(app.id, /^app_[0-9A-Za-z]{22}$/);
  assert.deepEqual(await t.svix.application.get(app.id), app);
  assert.deepEqual(await t.svix.application.get('bakery'), app);
  assert.equal(app.throttleRate, 7);
});

behaviour('an application without metadata has an empty map of it', async (t) => {
  const app = await t.svix.application.create({ name: 'Bakery' });
  assert.deepEqual(app.metadata, {});
  assert.equal(app.uid ?? null, null);
  assert.equal(app.throttleRate, null);
});

behaviour('replacing an application sets every field anew', async (t) => {
  const app = await t.application({ uid: 'first', throttleRate: 3, metadata: { a: '1' } });
  const replaced = await t.svix.application.upsert(app.id, { name: 'second name' });
  assert.equal(replaced.id, app.id);
  assert.deepEqual([replaced.name, replaced.uid ?? null, replaced.throttleRate, replaced.metadata], ['second name', null, null, {}]);
  assert.deepEqual(await t.svix.application.get(app.id), replaced);
});

behaviour('replacing an application that does not exist creates one', async (t) => {
  const created = await t.svix.application.upsert('app_unknown', { name: 'new', metadata: { a: 'b' } });
  assert.notEqual(created.id, 'app_unknown');
  assert.deepEqual(created.metadata, { a: 'b' });
  assert.deepEqual(await t.svix.application.get(created.id), created);
  await refused(t.svix.application.get('app_unknown'), 404, 'not_found');
});

behaviour('creating by PUT answers 201, replacing 200', async (t) => {
  const first = await t.fetch('PUT', '/api/v1/app/nobody', { body: { name: 'x', uid: 'somebody' } });
  assert.equal(first.status, 201);
  const second = await t.fetch('PUT', '/api/v1/app/somebody', { body: { name: 'y', uid: 'somebody' } });
  assert.equal(second.status, 200);
  assert.equal(second.json.id, first.json.id);
});

behaviour('changing the name of an application leaves the rest alone', async (t) => {
  const app = await t.application({ uid: 'kept', throttleRate: 9, metadata: { a: '1' } });
  const patched = await t.svix.application.patch(app.id, { name: 'renamed' });
  assert.deepEqual({ ...patched, updatedAt: null }, { ...app, name: 'renamed', updatedAt: null });
  assert.ok(patched.updatedAt >= app.updatedAt);
});

behaviour('the rate of an application can be set and cleared', async (t) => {
  const app = await t.application({ metadata: { a: '1' } });
  assert.equal((await t.svix.application.patch(app.id, { throttleRate: 1 })).throttleRate, 1);
  const cleared = await t.svix.application.patch(app.id, { throttleRate: null });
  assert.equal(cleared.throttleRate, null);
  assert.deepEqual(cleared.metadata, { a: '1' });
  await invalid(t.svix.application.patch(app.id, { throttleRate: 0 }), 'body', 'throttle_rate');
});

behaviour('the old name of the rate means the same', async (t) => {
  const app = await t.svix.application.create({ name: 'x', rateLimit: 4 });
  assert.deepEqual([app.rateLimit, app.throttleRate], [4, 4]);
  const both = await t.svix.application.patch(app.id, { rateLimit: 5, throttleRate: 6 });
  assert.deepEqual([both.rateLimit, both.throttleRate], [6, 6]);
}, { only: 'svix1' });

behaviour('the uid of an application can be set and cleared', async (t) => {
  const app = await t.application();
  assert.equal((await t.svix.application.patch(app.id, { uid: 'mine' })).uid, 'mine');
  assert.equal((await t.svix.application.get('mine')).id, app.id);
  assert.equal((await t.svix.application.patch('mine', { uid: null })).uid ?? null, null);
  await refused(t.svix.application.get('mine'), 404, 'not_found');
});

behaviour('changing metadata of an application replaces the whole map', async (t) => {
  const app = await t.application({ uid: 'u', metadata: { a: '1', b: '2' } });
  const patched = await t.svix.application.patch(app.id, { metadata: { c: '3' } });
  assert.deepEqual([patched.metadata, patched.name, patched.uid], [{ c: '3' }, app.name, 'u']);
  assert.deepEqual((await t.svix.application.patch(app.id, { metadata: {} })).metadata, {});
});

behaviour('a deleted application is gone, and its uid is free', async (t) => {
  const app = await t.application({ uid: 'twice' });
  await t.svix.application.delete('twice');
  await refused(t.svix.application.get(app.id), 404, 'not_found');
  await refused(t.svix.application.patch(app.id, { name: 'x' }), 404, 'not_found');
  await refused(t.svix.application.delete(app.id), 404, 'not_found');
  const next = await t.application({ uid: 'twice' });
  assert.notEqual(next.id, app.id);
  await t.svix.application.delete(next.id);
  assert.equal((await t.svix.application.upsert('whatever', { name: 'by PUT', uid: 'twice' })).uid, 'twice');
});

behaviour('a uid belongs to one application of an organization', async (t) => {
  const [one, two] = [await t.application({ uid: 'one' }), await t.application({ uid: 'two' })];
  const bare = await t.application();
  await refused(t.application({ uid: 'one' }), 409, 'conflict');
  await refused(t.svix.application.upsert(two.id, { name: 'x', uid: 'one' }), 409, 'conflict');
  await refused(t.svix.application.upsert(bare.id, { name: 'x', uid: 'one' }), 409, 'conflict');
  await refused(t.svix.application.patch(bare.id, { uid: 'one' }), 409, 'conflict');
  assert.equal((await t.svix.application.upsert('one', { name: 'own uid again', uid: 'one' })).id, one.id);
  assert.equal((await t.svix.application.upsert('one', { name: 'moved', uid: 'three' })).id, one.id);
  await refused(t.svix.application.get('one'), 404);
});

behaviour('two organizations may use the same uid and do not see each other', async (t) => {
  const other = t.foreign();
  const ours = await t.application({ uid: 'same' });
  const theirs = await other.application.create({ name: 'theirs', uid: 'same' });
  assert.notEqual(ours.id, theirs.id);
  assert.equal((await other.application.get('same')).id, theirs.id);
  await refused(other.application.get(ours.id), 404, 'not_found');
  await refused(other.application.delete(ours.id), 404, 'not_found');
  assert.deepEqual((await t.svix.application.list()).data, [ours]);
});

behaviour('getting or creating an application returns the first one unchanged', async (t) => {
  const first = await t.svix.application.getOrCreate({ name: 'first', uid: 'only' });
  await refused(t.svix.application.create({ name: 'second', uid: 'only' }), 409, 'conflict');
  assert.deepEqual(await t.svix.application.getOrCreate({ name: 'second', uid: 'only', throttleRate: 5 }), first);
  const again = await t.fetch('POST', '/api/v1/app?get_if_exists=true', { body: { name: 'third', uid: 'only' } });
  assert.deepEqual([again.status, again.json.name], [200, 'first']);
});

behaviour('getting or creating an application without a uid creates one each time', async (t) => {
  const first = await t.svix.application.getOrCreate({ name: 'same' });
  const second = await t.svix.application.getOrCreate({ name: 'same' });
  assert.notEqual(first.id, second.id);
});

behaviour('control characters are refused in names and descriptions', async (t) => {
  const app = await t.application();
  await invalid(t.svix.application.create({ name: 'nul\0' }), 'body', 'name');
  await invalid(t.endpoint(app, 'http://127.0.0.1:9/', { description: 'bell\x07' }), 'body', 'description');
  await invalid(t.svix.eventType.create({ name: 'x', description: 'nul\0' }), 'body', 'description');
});

behaviour('an application needs a name', async (t) => {
  await invalid(t.svix.application.create({ name: '' }), 'body', 'name');
  await invalid(t.svix.application.create({ uid: 'x' }));
  const app = await t.application();
  await invalid(t.svix.application.patch(app.id, { name: '' }), 'body', 'name');
  await invalid(t.svix.application.patch(app.id, { name: null }), 'body', 'name');
});

behaviour('a uid must be made of plain characters and must not look like an id', async (t) => {
  for (const uid of ['', 'with space', 'släsh', 'a/b', 'app_mine', 'x'.repeat(257)]) {
    await invalid(t.application({ uid }), 'body', 'uid', '__all__');
  }

  const uid = `A-z_0.9${'x'.repeat(249)}`;
  assert.equal((await t.application({ uid })).uid, uid);
});

behaviour('metadata may not exceed four kibibytes', async (t) => {
  await invalid(t.application({ metadata: { key: 'x'.repeat(4096) } }), 'body', 'metadata', '__all__');
  const metadata = { key: 'x'.repeat(4000) };
  assert.deepEqual((await t.application({ metadata })).metadata, metadata);
});

behaviour('a message to a deleted application is refused', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  await t.endpoint(app, receiver.url());
  await t.svix.application.delete(app.id);
  await refused(t.publish(app), 404, 'not_found');
  assert.equal(receiver.requests.length, 0);
});
