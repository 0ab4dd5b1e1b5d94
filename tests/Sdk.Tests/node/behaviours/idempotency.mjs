import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { behaviour, refused } from '../harness.mjs';

const content = { eventType: 'a', payload: {} };

behaviour('publishing twice under one key is publishing once', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  await t.endpoint(app, receiver.url());
  const idempotencyKey = randomUUID();
  const first = await t.publish(app, { payload: { number: 1 }, eventId: 'e' }, { idempotencyKey });
  const second = await t.publish(app, { payload: { number: 2 } }, { idempotencyKey });
  assert.deepEqual([second.id, second.eventId, second.timestamp], [first.id, 'e', first.timestamp]);
  const later = await t.publish(app);
  await t.attempts(app, later, 1);
  assert.deepEqual(receiver.requests.map((request) => request.id), [first.id, later.id]);
  assert.equal((await t.svix.message.list(app.id)).data.length, 2);
});

behaviour('without a key or under another one it is published again', async (t) => {
  const app = await t.application();
  const ids = new Set();
  for (const idempotencyKey of [undefined, undefined, randomUUID(), randomUUID()]) {
    ids.add((await t.publish(app, {}, { idempotencyKey })).id);
  }

  assert.equal(ids.size, 4);
});

behaviour('concurrent publishes under one key are one message', async (t) => {
  const app = await t.application();
  const idempotencyKey = randomUUID();
  const answers = await Promise.all(Array.from({ length: 8 }, () => t.publish(app, {}, { idempotencyKey })));
  assert.equal(new Set(answers.map((answer) => answer.id)).size, 1);
  assert.equal((await t.svix.message.list(app.id)).data.length, 1);
});

behaviour('a key counts within one application', async (t) => {
  const [one, two] = [await t.application(), await t.application()];
  const idempotencyKey = randomUUID();
  const [first, second] = [await t.publish(one, {}, { idempotencyKey }), await t.publish(two, {}, { idempotencyKey })];
  assert.notEqual(first.id, second.id);
});

behaviour('a key counts within one organization', async (t) => {
  const other = t.foreign();
  const theirs = await other.application.create({ name: 'x', uid: 'same' });
  await t.application({ uid: 'same' });
  const idempotencyKey = randomUUID();
  const first = await t.svix.message.create('same', content, { idempotencyKey });
  const second = await other.message.create('same', content, { idempotencyKey });
  assert.notEqual(first.id, second.id);
  assert.equal((await other.message.list(theirs.id)).data.length, 1);
});

behaviour('an answer that got lost is given again when the SDK repeats the call', async (t) => {
  const app = await t.application();
  const keys = [];
  const losing = async (url, init) => {
    const response = await fetch(url, init);
    keys.push(init.headers['idempotency-key']);
    if (keys.length < 3) {
      throw new TypeError('the answer got lost');
    }

    return response;
  };
  const message = await t.connect(t.token, { fetch: losing }).message.create(app.id, { ...content, eventId: 'event' });
  assert.equal(new Set(keys).size, 1);
  assert.match(keys[0], /^auto_/);
  assert.deepEqual((await t.svix.message.list(app.id)).data.map((one) => one.id), [message.id]);
});

behaviour('a refused call does not use its key up', async (t) => {
  const app = await t.application();
  const idempotencyKey = randomUUID();
  await refused(t.publish(app, { payload: 'not an object' }, { idempotencyKey }), 422);
  assert.match((await t.publish(app, {}, { idempotencyKey })).id, /^msg_/);
  const unknown = { idempotencyKey: randomUUID() };
  await refused(t.svix.message.create('later', content, unknown), 404);
  await t.application({ uid: 'later' });
  assert.match((await t.svix.message.create('later', content, unknown)).id, /^msg_/);
});

behaviour('a key means nothing when reading', async (t) => {
  const app = await t.application();
  const headers = { 'idempotency-key': randomUUID() };
  await t.fetch('POST', `/api/v1/app/${app.id}/msg`, { headers, body: content });
  assert.equal((await t.fetch('GET', `/api/v1/app/${app.id}/msg`, { headers })).json.data.length, 1);
  await t.publish(app);
  assert.equal((await t.fetch('GET', `/api/v1/app/${app.id}/msg`, { headers })).json.data.length, 2);
});

behaviour('creating an application twice under one key creates one', async (t) => {
  const idempotencyKey = randomUUID();
  const first = await t.svix.application.create({ name: 'first' }, { idempotencyKey });
  const second = await t.svix.application.create({ name: 'second' }, { idempotencyKey });
  assert.deepEqual(second, first);
  assert.equal((await t.svix.application.list()).data.length, 1);
});

behaviour('repeating the creation of an application with a uid is no conflict', async (t) => {
  const idempotencyKey = randomUUID();
  const first = await t.svix.application.create({ name: 'first', uid: 'u' }, { idempotencyKey });
  assert.deepEqual(await t.svix.application.create({ name: 'first', uid: 'u' }, { idempotencyKey }), first);
  await refused(t.svix.application.create({ name: 'first', uid: 'u' }), 409, 'conflict');
});

behaviour('creating an endpoint or an event type twice under one key creates one', async (t) => {
  const app = await t.application();
  const idempotencyKey = randomUUID();
  const first = await t.endpoint(app, 'http://127.0.0.1:9/');
  const options = { idempotencyKey };
  const created = await t.svix.endpoint.create(app.id, { url: 'http://127.0.0.1:9/' }, options);
  assert.deepEqual(await t.svix.endpoint.create(app.id, { url: 'http://127.0.0.1:9/' }, options), created);
  assert.equal((await t.svix.endpoint.list(app.id)).data.length, 2);
  assert.notEqual(created.id, first.id);
  const type = await t.svix.eventType.create({ name: 'x', description: '' }, options);
  assert.deepEqual(await t.svix.eventType.create({ name: 'x', description: '' }, options), type);
});

behaviour('rotating a secret twice under one key rotates once', async (t) => {
  const app = await t.application();
  const endpoint = await t.endpoint(app, 'http://127.0.0.1:9/');
  const options = { idempotencyKey: randomUUID() };
  await t.svix.endpoint.rotateSecret(app.id, endpoint.id, {}, options);
  const { key } = await t.svix.endpoint.getSecret(app.id, endpoint.id);
  await t.svix.endpoint.rotateSecret(app.id, endpoint.id, {}, options);
  assert.equal((await t.svix.endpoint.getSecret(app.id, endpoint.id)).key, key);
});
