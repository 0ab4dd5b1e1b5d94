import assert from 'node:assert/strict';
import { behaviour, eventually, invalid, refused } from '../harness.mjs';

const nowhere = 'http://127.0.0.1:9/';

behaviour('a created endpoint reads back as it was answered', async (t) => {
  const app = await t.application();
  await t.eventTypes('a.b');
  const endpoint = await t.endpoint(app, nowhere, {
    uid: 'main', description: 'all of it', throttleRate: 10, disabled: true, eventTypes: ['a.b'], channels: ['red'], metadata: { a: '1' },
  });
  assert.match(endpoint.id, /^ep_[0-9A-Za-z]{22}$/);
  assert.deepEqual(
    [endpoint.uid, endpoint.description, endpoint.throttleRate, endpoint.disabled, endpoint.eventTypes, endpoint.channels, endpoint.metadata],
    ['main', 'all of it', 10, true, ['a.b'], ['red'], { a: '1' }]);
  assert.deepEqual(await t.svix.endpoint.get(app.id, endpoint.id), endpoint);
  assert.deepEqual(await t.svix.endpoint.get(app.id, 'main'), endpoint);
});

behaviour('an endpoint needs no more than a url', async (t) => {
  const app = await t.application();
  const endpoint = await t.endpoint(app, 'http://Example.com');
  assert.deepEqual(
    [endpoint.url, endpoint.description, endpoint.disabled, endpoint.eventTypes, endpoint.channels, endpoint.metadata, endpoint.throttleRate, endpoint.uid],
    ['http://example.com/', '', false, null, null, {}, null, null]);
});

behaviour('an answer about an endpoint has the fields of old and new clients', async (t) => {
  const app = await t.application();
  await t.eventTypes('a.b');
  const { json } = await t.fetch('POST', `/api/v1/app/${app.id}/endpoint`, { body: { url: nowhere, eventTypes: ['a.b'], rateLimit: 3, version: null } });
  assert.deepEqual([json.filterTypes, json.eventTypes, json.rateLimit, json.throttleRate, json.version], [['a.b'], ['a.b'], 3, 3, 1]);
  for (const field of ['id', 'url', 'description', 'uid', 'disabled', 'channels', 'createdAt', 'updatedAt', 'metadata']) {
    assert.ok(field in json, field);
  }

  assert.ok(!('secret' in json) && !('headers' in json));
  assert.match(json.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
});

behaviour('a url is brought into its normal form', async (t) => {
  const app = await t.application();
  for (const [given, normal] of [
    ['HTTP://EXAMPLE.COM:80/Path?Query=A', 'http://example.com/Path?Query=A'],
    ['https://example.com:443', 'https://example.com/'],
    ['https://example.com:8443/a/../b', 'https://example.com:8443/b'],
  ]) {
    assert.equal((await t.endpoint(app, given)).url, normal);
  }
});

behaviour('a url must be absolute and of http', async (t) => {
  const app = await t.application();
  for (const url of ['', 'example.com', '/path', 'ftp://example.com/', 'mailto:a@example.com', 'http://']) {
    await invalid(t.endpoint(app, url), 'body', 'url');
  }
});

behaviour('each field of an endpoint changes alone', async (t) => {
  const app = await t.application();
  await t.eventTypes('a.b', 'c.d');
  const endpoint = await t.endpoint(app, nowhere, { uid: 'u', throttleRate: 2, eventTypes: ['a.b'], channels: ['red'], metadata: { a: '1' } });
  let expected = endpoint;
  for (const change of [
    { description: 'words' },
    { throttleRate: 5 }, { throttleRate: null },
    { uid: 'v' }, { uid: null },
    { url: 'http://127.0.0.1:9/other' },
    { disabled: true }, { disabled: false },
    { eventTypes: ['c.d'] }, { eventTypes: null },
    { channels: ['blue'] }, { channels: null },
    { metadata: { b: '2' } }, { metadata: {} },
  ]) {
    const changed = await t.svix.endpoint.patch(app.id, endpoint.id, change);
    expected = { ...expected, ...change, rateLimit: undefined, updatedAt: undefined };
    assert.deepEqual({ ...changed, rateLimit: undefined, updatedAt: undefined }, { ...expected }, JSON.stringify(change));
    assert.deepEqual(await t.svix.endpoint.get(app.id, endpoint.id), changed);
  }
});

behaviour('the version of an endpoint can be changed', async (t) => {
  const app = await t.application();
  const endpoint = await t.endpoint(app, nowhere);
  assert.equal(endpoint.version, 1);
  assert.equal((await t.svix.endpoint.patch(app.id, endpoint.id, { version: 2 })).version, 2);
}, { only: 'svix1' });

behaviour('an endpoint refuses null where a value must be', async (t) => {
  const app = await t.application();
  const endpoint = await t.endpoint(app, nowhere);
  for (const field of ['description', 'url', 'disabled']) {
    await invalid(t.svix.endpoint.patch(app.id, endpoint.id, { [field]: null }), 'body', field);
  }
});

behaviour('replacing an endpoint sets every field anew but keeps its secret', async (t) => {
  const app = await t.application();
  await t.eventTypes('a.b');
  const endpoint = await t.endpoint(app, nowhere, { uid: 'u', description: 'x', throttleRate: 2, eventTypes: ['a.b'], channels: ['red'], metadata: { a: '1' } });
  const { key } = await t.svix.endpoint.getSecret(app.id, endpoint.id);
  const replaced = await t.svix.endpoint.upsert(app.id, endpoint.id, { url: 'http://127.0.0.1:9/new' });
  assert.deepEqual(
    [replaced.id, replaced.url, replaced.uid, replaced.description, replaced.throttleRate, replaced.eventTypes, replaced.channels, replaced.metadata],
    [endpoint.id, 'http://127.0.0.1:9/new', null, '', null, null, null, {}]);
  assert.deepEqual(await t.svix.endpoint.get(app.id, endpoint.id), replaced);
  assert.deepEqual(await t.svix.endpoint.getSecret(app.id, endpoint.id), { key });
});

behaviour('replacing an endpoint keeps its headers', async (t) => {
  const app = await t.application();
  const endpoint = await t.endpoint(app, nowhere);
  await t.svix.endpoint.setHeaders(app.id, endpoint.id, { headers: { 'x-kept': 'yes' } });
  await t.svix.endpoint.upsert(app.id, endpoint.id, { url: nowhere });
  assert.deepEqual((await t.svix.endpoint.getHeaders(app.id, endpoint.id)).headers, { 'x-kept': 'yes' });
});

behaviour('replacing an endpoint that does not exist creates one with a secret', async (t) => {
  const app = await t.application();
  const created = await t.svix.endpoint.upsert(app.id, 'ep_unknown', { url: nowhere, uid: 'new' });
  assert.notEqual(created.id, 'ep_unknown');
  assert.match((await t.svix.endpoint.getSecret(app.id, 'new')).key, /^whsec_/);
  assert.deepEqual((await t.svix.endpoint.list(app.id)).data.map((one) => one.id), [created.id]);
});

behaviour('an endpoint belongs to its application', async (t) => {
  const [own, other] = [await t.application(), await t.application()];
  const endpoint = await t.endpoint(own, nowhere, { uid: 'u' });
  await refused(t.svix.endpoint.get(other.id, endpoint.id), 404, 'not_found');
  await refused(t.svix.endpoint.delete(other.id, 'u'), 404, 'not_found');
  const twin = await t.endpoint(other, nowhere, { uid: 'u' });
  assert.deepEqual((await t.svix.endpoint.list(own.id)).data, [endpoint]);
  assert.deepEqual((await t.svix.endpoint.list(other.id)).data, [twin]);
});

behaviour('a deleted endpoint is gone, and its uid is free', async (t) => {
  const app = await t.application();
  const endpoint = await t.endpoint(app, nowhere, { uid: 'u' });
  await t.svix.endpoint.delete(app.id, 'u');
  await refused(t.svix.endpoint.get(app.id, endpoint.id), 404, 'not_found');
  await refused(t.svix.endpoint.getSecret(app.id, endpoint.id), 404, 'not_found');
  await refused(t.svix.endpoint.patch(app.id, endpoint.id, { description: 'x' }), 404, 'not_found');
  assert.deepEqual((await t.svix.endpoint.list(app.id)).data, []);
  assert.notEqual((await t.endpoint(app, nowhere, { uid: 'u' })).id, endpoint.id);
});

behaviour('a uid belongs to one endpoint of an application', async (t) => {
  const app = await t.application();
  const [one, two] = [await t.endpoint(app, nowhere, { uid: 'one' }), await t.endpoint(app, nowhere, { uid: 'two' })];
  await refused(t.endpoint(app, nowhere, { uid: 'one' }), 409, 'conflict');
  await refused(t.svix.endpoint.upsert(app.id, two.id, { url: nowhere, uid: 'one' }), 409, 'conflict');
  await refused(t.svix.endpoint.patch(app.id, two.id, { uid: 'one' }), 409, 'conflict');
  assert.equal((await t.svix.endpoint.upsert(app.id, one.id, { url: nowhere, uid: 'one' })).id, one.id);
  await invalid(t.endpoint(app, nowhere, { uid: 'ep_one' }), 'body', 'uid', '__all__');
});

behaviour('an endpoint names only event types that exist', async (t) => {
  const app = await t.application();
  await t.eventTypes('known');
  await invalid(t.endpoint(app, nowhere, { eventTypes: [] }));
  await invalid(t.endpoint(app, nowhere, { eventTypes: ['unknown'] }), 'body', 'eventTypes');
  const endpoint = await t.endpoint(app, nowhere, { eventTypes: ['known'] });
  await invalid(t.svix.endpoint.patch(app.id, endpoint.id, { eventTypes: ['known', 'unknown'] }), 'body', 'eventTypes');
  assert.equal((await t.svix.endpoint.upsert(app.id, endpoint.id, { url: nowhere })).eventTypes, null);
  assert.deepEqual((await t.svix.endpoint.upsert(app.id, endpoint.id, { url: nowhere, eventTypes: ['known'] })).eventTypes, ['known']);
});

behaviour('an endpoint has one to ten channels or none at all', async (t) => {
  const app = await t.application();
  await invalid(t.endpoint(app, nowhere, { channels: [] }));
  await invalid(t.endpoint(app, nowhere, { channels: Array.from({ length: 11 }, (_, n) => `c${n}`) }));
  await invalid(t.endpoint(app, nowhere, { channels: ['not a channel'] }));
  const endpoint = await t.endpoint(app, nowhere, { channels: ['a', 'b', 'a'] });
  assert.deepEqual([...endpoint.channels].sort(), ['a', 'b']);
  assert.equal((await t.svix.endpoint.upsert(app.id, endpoint.id, { url: nowhere })).channels, null);
});

behaviour('a rate is a number from 1 to 65535', async (t) => {
  const app = await t.application();
  for (const throttleRate of [0, 65536, 1.5, '5']) {
    await invalid(t.endpoint(app, nowhere, { throttleRate }));
  }

  assert.equal((await t.endpoint(app, nowhere, { throttleRate: 65535 })).throttleRate, 65535);
});

behaviour('a disabled endpoint keeps its queue until it is enabled', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url(), { disabled: true });
  const [first, second] = [await t.publish(app), await t.publish(app)];
  assert.equal(receiver.requests.length, 0);
  await t.svix.endpoint.patch(app.id, endpoint.id, { disabled: false });
  assert.deepEqual((await t.received(receiver, 2)).map((request) => request.id), [first.id, second.id]);
});

behaviour('a deleted endpoint receives nothing', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const gone = await t.endpoint(app, receiver.url('/gone'));
  await t.endpoint(app, receiver.url('/here'));
  await t.svix.endpoint.delete(app.id, gone.id);
  const message = await t.publish(app);
  await t.attempts(app, message, 1);
  assert.deepEqual([receiver.at('/gone').length, receiver.at('/here').length], [0, 1]);
});

behaviour('attempts outlive their endpoint', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  const message = await t.publish(app);
  const attempts = await t.attempts(app, message, 1);
  await t.svix.endpoint.delete(app.id, endpoint.id);
  assert.deepEqual(await t.attempts(app, message, 1), attempts);
  assert.equal((await t.svix.messageAttempt.get(app.id, message.id, attempts[0].id)).endpointId, endpoint.id);
  await refused(t.svix.messageAttempt.listByEndpoint(app.id, endpoint.id), 404, 'not_found');
});

behaviour('a changed url is where the next retry goes', async (t) => {
  const receiver = await t.receiver((request) => ({ status: request.path === '/new' ? 200 : 500 }));
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url('/old'));
  const message = await t.publish(app);
  await t.received(receiver, 1);
  await t.svix.endpoint.patch(app.id, endpoint.id, { url: receiver.url('/new') });
  await eventually('the new url has the message', () => receiver.at('/new').some((request) => request.id === message.id));
});

behaviour('recovering sends what failed once more', async (t) => {
  let status = 500;
  const receiver = await t.receiver(() => ({ status }));
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  const since = new Date(Date.now() - 60_000);
  const message = await t.publish(app);
  await t.attempts(app, message, 3);
  const started = await t.svix.endpoint.recover(app.id, endpoint.id, { since: new Date() });
  assert.match(started.id, /^qtask_/);
  assert.deepEqual([started.status, started.task], ['running', 'endpoint.recover']);
  status = 200;
  await t.svix.endpoint.recover(app.id, endpoint.id, { since });
  const [last] = await t.attempts(app, message, 4);
  assert.deepEqual([last.status, last.triggerType], [0, 1]);
});

behaviour('recovering reaches back two weeks at most', async (t) => {
  const app = await t.application();
  const endpoint = await t.endpoint(app, nowhere);
  const ago = (days) => new Date(Date.now() - days * 86_400_000);
  await invalid(t.svix.endpoint.recover(app.id, endpoint.id, { since: ago(21) }), 'body', 'since');
  assert.equal((await t.svix.endpoint.recover(app.id, endpoint.id, { since: ago(21), until: ago(10) })).task, 'endpoint.recover');
  await refused(t.svix.endpoint.recover(app.id, 'ep_unknown', { since: ago(1) }), 404, 'not_found');
});

behaviour('what an endpoint was never sent is replayed, once, and the task says when it is done', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const since = new Date(Date.now() - 60_000);
  const before = [await t.publish(app), await t.publish(app)];
  const endpoint = await t.endpoint(app, receiver.url());
  const after = await t.publish(app);
  await t.attempts(app, after, 1);
  for (const expected of [2, 0]) {
    const started = await t.svix.endpoint.replayMissing(app.id, endpoint.id, { since });
    assert.equal(started.task, 'endpoint.replay');
    const task = await eventually('the replay is finished', async () => {
      const seen = await t.svix.backgroundTask.get(started.id);
      return seen.status === 'finished' && seen;
    });
    assert.equal(task.data.messagesSent, expected);
  }
  const requests = await t.received(receiver, 3);
  assert.deepEqual(requests.map((r) => r.id).sort(), [...before, after].map((m) => m.id).sort());
  await refused(t.svix.backgroundTask.get('qtask_unknown'), 404, 'not_found');
});

behaviour('a bulk replay sends once more what its filter lets through', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  const since = new Date(Date.now() - 60_000);
  const chosen = await t.publish(app, { eventType: 'sale.completed' });
  const other = await t.publish(app, { eventType: 'lead.captured' });
  await t.attempts(app, other, 1);
  const started = await t.svix.endpoint.bulkReplay(app.id, endpoint.id, { since, eventTypes: ['sale.completed'], status: 0 });
  assert.match(started.id, /^qtask_/);
  assert.deepEqual([started.status, started.task], ['running', 'endpoint.bulk-replay']);
  await t.attempts(app, chosen, 2);
  const task = await eventually('the replay is finished', async () => {
    const seen = await t.svix.backgroundTask.get(started.id);
    return seen.status === 'finished' && seen;
  });
  assert.deepEqual([task.data.messagesSent, task.data.messagesMatched, task.data.progress, task.data.dryRun], [1, 1, 1, false]);
  assert.equal((await t.attempts(app, other, 1)).length, 1);
  await invalid(t.svix.endpoint.bulkReplay(app.id, endpoint.id, { since, status: 1 }), 'body', 'status');
  await refused(t.svix.endpoint.bulkReplay(app.id, 'ep_unknown', { since }), 404, 'not_found');
});

behaviour('tasks in the background are listed by status and kind', async (t) => {
  const app = await t.application();
  const endpoint = await t.endpoint(app, nowhere);
  const since = new Date(Date.now() - 60_000);
  const first = await t.svix.endpoint.recover(app.id, endpoint.id, { since });
  const second = await t.svix.endpoint.replayMissing(app.id, endpoint.id, { since });
  await eventually('both have ended', async () => (await t.svix.backgroundTask.list({ status: 'finished' })).data.length === 2);
  const all = await t.svix.backgroundTask.list({ limit: 1 });
  assert.deepEqual([all.data.map((task) => task.id), all.done], [[second.id], false]);
  const rest = await t.svix.backgroundTask.list({ limit: 1, iterator: all.iterator });
  assert.deepEqual([rest.data.map((task) => task.id), rest.done], [[first.id], true]);
  assert.deepEqual((await t.svix.backgroundTask.list({ order: 'ascending' })).data.map((task) => task.id), [first.id, second.id]);
  assert.deepEqual((await t.svix.backgroundTask.list({ task: 'endpoint.recover' })).data.map((task) => task.task), ['endpoint.recover']);
  assert.deepEqual((await t.svix.backgroundTask.list({ status: 'failed' })).data, []);
});

behaviour('a ping can be sent without an event type', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url('/asked'));
  await t.endpoint(app, receiver.url('/other'));
  const message = await t.svix.endpoint.sendExample(app.id, endpoint.id, { eventType: 'svix.ping' });
  assert.deepEqual([message.eventType, message.payload], ['svix.ping', {}]);
  const [request] = await t.received(receiver, 1);
  assert.deepEqual([request.id, JSON.parse(request.body), request.path], [message.id, { success: true }, '/asked']);
  await t.attempts(app, message, 1);
});

behaviour('an example is taken from the schema of its event type', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  await t.svix.eventType.create({ name: 'shown', description: '', schemas: { 1: { type: 'object', examples: [{ cake: 'plum' }] } } });
  await t.svix.eventType.create({ name: 'bare', description: '' });
  await t.svix.endpoint.sendExample(app.id, endpoint.id, { eventType: 'shown' });
  const [request] = await t.received(receiver, 1);
  assert.deepEqual(JSON.parse(request.body), { cake: 'plum' });
  await refused(t.svix.endpoint.sendExample(app.id, endpoint.id, { eventType: 'bare' }), 400, 'invalid_scheme');
  await refused(t.svix.endpoint.sendExample(app.id, endpoint.id, { eventType: 'absent' }), 404, 'not_found');
});

behaviour('statistics count attempts by their result', async (t) => {
  const receiver = await t.receiver((_, count) => ({ status: count <= 1 ? 500 : 200 }));
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  const zero = { success: 0, pending: 0, sending: 0, fail: 0, canceled: 0 };
  assert.deepEqual(await t.svix.endpoint.getStats(app.id, endpoint.id), zero);
  const before = new Date(Date.now() - 60_000);
  await t.attempts(app, await t.publish(app), 2);
  await t.attempts(app, await t.publish(app), 1);
  assert.deepEqual(await t.svix.endpoint.getStats(app.id, endpoint.id), { ...zero, success: 2, fail: 1 });
  assert.deepEqual(await t.svix.endpoint.getStats(app.id, endpoint.id, { since: before }), { ...zero, success: 2, fail: 1 });
  assert.deepEqual(await t.svix.endpoint.getStats(app.id, endpoint.id, { until: before }), zero);
});

behaviour('statistics reach back four weeks and not into the future', async (t) => {
  const app = await t.application();
  const endpoint = await t.endpoint(app, nowhere);
  const hence = (days) => new Date(Date.now() + days * 86_400_000);
  await refused(t.svix.endpoint.getStats(app.id, endpoint.id, { since: hence(-29) }), 400, 'invalid_range');
  await refused(t.svix.endpoint.getStats(app.id, endpoint.id, { until: hence(1) }), 400, 'invalid_range');
  await refused(t.svix.endpoint.getStats(app.id, 'ep_unknown'), 404, 'not_found');
  const bad = await t.fetch('GET', `/api/v1/app/${app.id}/endpoint/${endpoint.id}/stats?since=yesterday`);
  assert.deepEqual([bad.status, Object.keys(bad.json).sort()], [400, ['code', 'detail']]);
});
