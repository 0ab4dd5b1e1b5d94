import assert from 'node:assert/strict';
import { behaviour, eventually, invalid, refused } from '../harness.mjs';

behaviour('a published message reads back as it was answered', async (t) => {
  const app = await t.application();
  const payload = { text: 'Grüße €', nested: { list: [1, 'two', null, true] } };
  const message = await t.publish(app, { payload, eventId: 'order-1', channels: ['red'] }, { withContent: true });
  assert.match(message.id, /^msg_[0-9A-Za-z]{22}$/);
  assert.deepEqual([message.eventType, message.eventId, message.channels, message.payload], ['invoice.paid', 'order-1', ['red'], payload]);
  assert.deepEqual(await t.svix.message.get(app.id, message.id, { withContent: true }), message);
  assert.deepEqual(await t.svix.message.get(app.id, 'order-1', { withContent: true }), message);
  assert.deepEqual((await t.svix.message.list(app.id, { withContent: true })).data, [message]);
});

behaviour('publishing answers 202', async (t) => {
  const app = await t.application({ uid: 'by-uid' });
  const answer = await t.fetch('POST', '/api/v1/app/by-uid/msg', { body: { eventType: 'a', payload: { b: 1 } } });
  assert.equal(answer.status, 202);
  for (const field of ['id', 'eventId', 'eventType', 'payload', 'channels', 'timestamp']) {
    assert.ok(field in answer.json, field);
  }

  assert.deepEqual([answer.json.payload, answer.json.eventId, answer.json.channels], [{ b: 1 }, null, null]);
  assert.equal((await t.svix.message.get(app.id, answer.json.id)).eventType, 'a');
});

behaviour('content can be left out of answers', async (t) => {
  const app = await t.application();
  const { json } = await t.fetch('POST', `/api/v1/app/${app.id}/msg?with_content=false`, { body: { eventType: 'a', payload: { b: 1 } } });
  assert.deepEqual(json.payload, {});
  assert.deepEqual((await t.svix.message.get(app.id, json.id, { withContent: false })).payload, {});
  assert.deepEqual((await t.svix.message.get(app.id, json.id, { withContent: true })).payload, { b: 1 });
  assert.deepEqual((await t.svix.message.list(app.id, { withContent: false })).data[0].payload, {});
  assert.deepEqual((await t.svix.message.list(app.id, { withContent: true })).data[0].payload, { b: 1 });
});

behaviour('the receiver gets the payload as it was written', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  await t.endpoint(app, receiver.url());
  const payload = '{"z":1.0,"a":[ 1e2 ],"big":12345678901234567890,"text":"\\u00e9/é"}';
  const { json } = await t.fetch('POST', `/api/v1/app/${app.id}/msg`, { body: `{"eventType":"a","payload":${payload}}` });
  const [request] = await t.received(receiver, 1);
  assert.equal(request.body, payload);
  assert.equal(request.id, json.id);
});

behaviour('a delivery is a POST of JSON with the headers of the contract', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  await t.endpoint(app, receiver.url('/hook?key=value'));
  const message = await t.publish(app);
  const [request] = await t.received(receiver, 1);
  assert.deepEqual(
    [request.method, request.path, request.headers['content-type'], request.headers['svix-id']],
    ['POST', '/hook?key=value', 'application/json', message.id]);
  assert.ok(Math.abs(Number(request.headers['svix-timestamp']) - Date.now() / 1000) < 30);
  assert.ok(request.headers['user-agent'].length > 0);
  assert.deepEqual(JSON.parse(request.body), { number: 1 });
});

behaviour('credentials in the url become a header', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  await t.endpoint(app, receiver.url().replace('http://', 'http://me:secret@'));
  await t.publish(app);
  const [request] = await t.received(receiver, 1);
  assert.equal(request.headers.authorization, `Basic ${Buffer.from('me:secret').toString('base64')}`);
});

behaviour('an endpoint receives only the event types it names', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  await t.eventTypes('one', 'two');
  await t.endpoint(app, receiver.url('/all'));
  await t.endpoint(app, receiver.url('/both'), { eventTypes: ['one', 'two'] });
  await t.endpoint(app, receiver.url('/one'), { eventTypes: ['one'] });
  const [first, second] = [await t.publish(app, { eventType: 'one' }), await t.publish(app, { eventType: 'two' })];
  await t.attempts(app, first, 3);
  await t.attempts(app, second, 2);
  assert.deepEqual(receiver.at('/one').map((request) => request.id), [first.id]);
  assert.deepEqual(receiver.at('/both').map((request) => request.id), [first.id, second.id]);
});

behaviour('an endpoint with channels receives messages of those channels only', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  await t.endpoint(app, receiver.url('/any'));
  await t.endpoint(app, receiver.url('/red'), { channels: ['red', 'green'] });
  const plain = await t.publish(app);
  const blue = await t.publish(app, { channels: ['blue'] });
  const red = await t.publish(app, { channels: ['red', 'blue'] });
  await t.attempts(app, red, 2);
  await t.attempts(app, plain, 1);
  await t.attempts(app, blue, 1);
  assert.deepEqual(receiver.at('/red').map((request) => request.id), [red.id]);
  assert.deepEqual((await t.svix.message.get(app.id, red.id)).channels, ['red', 'blue']);
});

behaviour('every endpoint has its own retries', async (t) => {
  const receiver = await t.receiver((request, count) => ({ status: request.path === '/weak' && count < 3 ? 500 : 200 }));
  const app = await t.application();
  for (const path of ['/weak', '/firm', '/also']) {
    await t.endpoint(app, receiver.url(path));
  }

  const message = await t.publish(app, { payload: { same: 'body' } });
  await t.attempts(app, message, 5);
  assert.deepEqual(['/weak', '/firm', '/also'].map((path) => receiver.at(path).length), [3, 1, 1]);
  assert.deepEqual(new Set(receiver.requests.map((request) => request.body)), new Set(['{"same":"body"}']));
  assert.deepEqual(new Set(receiver.requests.map((request) => request.id)), new Set([message.id]));
});

behaviour('a retry carries the same body and a fresh signature', async (t) => {
  const receiver = await t.receiver((_, count) => ({ status: count === 1 ? 500 : 200 }));
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  const { key } = await t.svix.endpoint.getSecret(app.id, endpoint.id);
  await t.publish(app);
  const [first, second] = await t.received(receiver, 2);
  assert.deepEqual([second.id, second.body], [first.id, first.body]);
  t.verify(first, key);
  t.verify(second, key);
});

behaviour('a failing message holds back those behind it until it is given up', async (t) => {
  const receiver = await t.receiver((request) => ({ status: request.body.includes('bad') ? 500 : 200 }));
  const app = await t.application();
  await t.endpoint(app, receiver.url());
  const bad = await t.publish(app, { payload: { kind: 'bad' } });
  const good = await t.publish(app, { payload: { kind: 'good' } });
  await t.attempts(app, good, 1);
  assert.deepEqual(receiver.requests.map((request) => request.id), [bad.id, bad.id, bad.id, good.id]);
});

behaviour('a message without an endpoint is kept all the same', async (t) => {
  const app = await t.application();
  const message = await t.publish(app, { eventType: 'nobody.asked' });
  assert.equal((await t.svix.message.get(app.id, message.id)).id, message.id);
  assert.deepEqual((await t.svix.messageAttempt.listByMsg(app.id, message.id)).data, []);
});

behaviour('publishing does not create event types', async (t) => {
  const app = await t.application();
  await t.publish(app, { eventType: 'never.made' });
  await refused(t.svix.eventType.get('never.made'), 404, 'not_found');
});

behaviour('an event id belongs to one message of an application', async (t) => {
  const [app, other] = [await t.application(), await t.application()];
  await t.publish(app, { eventId: 'once' });
  await refused(t.publish(app, { eventId: 'once' }), 409, 'conflict');
  assert.equal((await t.publish(other, { eventId: 'once' })).eventId, 'once');
  await invalid(t.publish(app, { eventId: 'msg_mine' }), 'body', 'event_id', '__all__');
});

behaviour('messages can be listed by channel and event type', async (t) => {
  const app = await t.application();
  const red = await t.publish(app, { eventType: 'one', channels: ['red'] });
  const both = await t.publish(app, { eventType: 'two', channels: ['red', 'blue'] });
  const bare = await t.publish(app, { eventType: 'three' });
  const ids = async (options) => (await t.svix.message.list(app.id, options)).data.map((message) => message.id);
  assert.deepEqual(await ids({}), [bare.id, both.id, red.id]);
  assert.deepEqual(await ids({ channel: 'red' }), [both.id, red.id]);
  assert.deepEqual(await ids({ channel: 'blue' }), [both.id]);
  assert.deepEqual(await ids({ eventTypes: ['one', 'three'] }), [bare.id, red.id]);
  assert.deepEqual(await ids({ eventTypes: ['none'] }), []);
});

behaviour('a raw payload is sent as it is', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  const { key } = await t.svix.endpoint.getSecret(app.id, endpoint.id);
  await t.svix.message.create(app.id, t.sdk.messageInRaw('a', '<cake/>'));
  await t.svix.message.create(app.id, t.sdk.messageInRaw('a', '<cake/>', 'application/xml'));
  const [plain, typed] = await t.received(receiver, 2);
  assert.deepEqual([plain.body, plain.headers['content-type']], ['<cake/>', 'application/json']);
  assert.deepEqual([typed.body, typed.headers['content-type']], ['<cake/>', 'application/xml']);
  t.verify(plain, key);
  t.verify(typed, key);
});

behaviour('a message can create its application', async (t) => {
  const create = (path, application) => t.svix.message.create(path, { eventType: 'a', payload: {}, application });
  await refused(create('fresh'), 404, 'not_found');
  const message = await create('fresh', { name: 'Fresh', uid: 'fresh' });
  assert.equal((await t.svix.application.get('fresh')).name, 'Fresh');
  await create('fresh', { name: 'Other', uid: 'fresh' });
  assert.equal((await t.svix.application.get('fresh')).name, 'Fresh');
  assert.equal((await t.svix.message.get('fresh', message.id)).id, message.id);
  assert.equal((await invalid(create('one', { name: 'x', uid: 'two' }), 'body', 'application', 'uid'))[0].type, 'application_uid_mismatch');
  assert.equal((await invalid(create('one', { name: 'x' }), 'body', 'application', 'uid'))[0].type, 'application_uid_missing');
});

behaviour('the application in a message is checked even when it is not needed', async (t) => {
  const app = await t.application({ uid: 'here' });
  await invalid(t.publish(app, { application: { name: '', uid: 'here' } }));
  assert.match((await t.publish(app, { application: { name: 'ignored', uid: 'other' } })).id, /^msg_/);
});

behaviour('a payload must be an object', async (t) => {
  const app = await t.application();
  for (const payload of [[1], 'text', 5, null, true]) {
    await invalid(t.publish(app, { payload }), 'body', 'payload');
  }

  const { status } = await t.fetch('POST', `/api/v1/app/${app.id}/msg`, { body: { eventType: 'a', data: { under: 'its other name' } } });
  assert.equal(status, 202);
});

behaviour('a message has one to five channels or none', async (t) => {
  const app = await t.application();
  await invalid(t.publish(app, { channels: [] }));
  await invalid(t.publish(app, { channels: ['a', 'b', 'c', 'd', 'e', 'f'] }));
  await invalid(t.publish(app, { channels: ['not a channel'] }));
  assert.equal((await t.publish(app, { channels: ['a', 'b', 'c', 'd', 'e'] })).channels.length, 5);
});

behaviour('a retention period is 5 to 90 days', async (t) => {
  const app = await t.application();
  for (const payloadRetentionPeriod of [5, 90, null]) {
    assert.match((await t.publish(app, { payloadRetentionPeriod })).id, /^msg_/);
  }

  for (const payloadRetentionPeriod of [4, 91]) {
    await invalid(t.publish(app, { payloadRetentionPeriod }), 'body', 'payload_retention_period');
  }
});

behaviour('a message beyond two mebibytes is refused with 413', async (t) => {
  const app = await t.application();
  await refused(t.publish(app, { payload: { text: 'x'.repeat(8 * 1024 * 1024) } }), 413, 'payload_too_large');
  assert.match((await t.publish(app, { payload: { text: 'x'.repeat(1024 * 1024) } })).id, /^msg_/);
});

behaviour('content that was expunged is gone', async (t) => {
  const app = await t.application();
  const message = await t.publish(app, { payload: { private: true } });
  await t.svix.message.expungeContent(app.id, message.id);
  assert.deepEqual((await t.svix.message.get(app.id, message.id, { withContent: true })).payload, { expired: true });
  assert.deepEqual((await t.svix.message.list(app.id, { withContent: true })).data[0].payload, { expired: true });
  await refused(t.svix.message.expungeContent(app.id, 'msg_unknown'), 404, 'not_found');
});

behaviour('messages can be found by their tags', async (t) => {
  const app = await t.application();
  const tagged = await t.publish(app, { tags: ['blue', 'big'] });
  await t.publish(app);
  assert.deepEqual([...tagged.tags].sort(), ['big', 'blue']);
  assert.deepEqual((await t.svix.message.list(app.id, { tag: 'blue' })).data.map((message) => message.id), [tagged.id]);
});

behaviour('a message with a time to deliver waits for it', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  await t.endpoint(app, receiver.url());
  const deliverAt = new Date(Date.now() + 2000);
  const message = await t.publish(app, { deliverAt });
  assert.equal(message.deliverAt?.getTime(), deliverAt.getTime());
  await t.received(receiver, 1);
  assert.ok(Date.now() >= deliverAt.getTime() - 100, 'it came too early');
});

behaviour('a publisher can ask whether anybody would receive', async (t) => {
  const app = await t.application();
  await t.eventTypes('wanted', 'other');
  const active = async (eventType, channels) => (await t.svix.message.precheck(app.id, { eventType, channels })).active;
  assert.equal(await active('wanted'), false);
  const endpoint = await t.endpoint(app, 'http://127.0.0.1:9/', { eventTypes: ['wanted'], channels: ['red'] });
  assert.equal(await active('wanted', ['red']), true);
  assert.equal(await active('wanted', ['blue']), false);
  assert.equal(await active('other', ['red']), false);
  await t.svix.endpoint.delete(app.id, endpoint.id);
  assert.equal(await active('wanted', ['red']), false);
});

behaviour('messages arrive in the order they were accepted', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  await t.endpoint(app, receiver.url());
  const ids = [];
  for (let number = 0; number < 20; number++) {
    ids.push((await t.publish(app, { payload: { number } })).id);
  }

  assert.deepEqual((await t.received(receiver, 20)).map((request) => request.id), ids);
  assert.deepEqual(ids, [...ids].sort());
  await eventually('the list has them, the newest first', async () =>
    (await t.svix.message.list(app.id)).data.map((message) => message.id).join() === ids.toReversed().join());
});
