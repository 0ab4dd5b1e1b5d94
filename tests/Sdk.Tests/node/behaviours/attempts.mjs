import assert from 'node:assert/strict';
import { behaviour, eventually, refused } from '../harness.mjs';

const fails = () => ({ status: 500 });

behaviour('a delivery that succeeded is one attempt of status 0', async (t) => {
  const receiver = await t.receiver(() => ({ status: 201, body: 'thank you' }));
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url('/hook'));
  const message = await t.publish(app);
  const [attempt] = await t.attempts(app, message, 1);
  assert.match(attempt.id, /^atmpt_[0-9A-Za-z]{22}$/);
  assert.deepEqual(
    [attempt.msgId, attempt.endpointId, attempt.url, attempt.response, attempt.responseStatusCode, attempt.status, attempt.statusText, attempt.triggerType],
    [message.id, endpoint.id, receiver.url('/hook'), 'thank you', 201, 0, 'success', 0]);
  assert.ok(attempt.responseDurationMs >= 0 && attempt.timestamp >= message.timestamp);
  assert.deepEqual(await t.svix.messageAttempt.get(app.id, message.id, attempt.id), attempt);
});

behaviour('a refusing receiver is tried as often as the schedule says', async (t) => {
  const receiver = await t.receiver((request) => ({ status: Number(request.path.slice(1)) }));
  const app = await t.application();
  const expected = [];
  for (const code of [403, 404, 429, 500]) {
    await t.endpoint(app, receiver.url(`/${code}`));
    expected.push(code, code, code);
  }

  const message = await t.publish(app);
  const attempts = await t.attempts(app, message, 12);
  assert.deepEqual(attempts.map((attempt) => attempt.responseStatusCode).sort(), expected);
  assert.ok(attempts.every((attempt) => attempt.status === 2 && attempt.statusText === 'fail'));
  assert.ok((await t.svix.endpoint.list(app.id)).data.every((endpoint) => !endpoint.disabled));
});

behaviour('a refused connection is an attempt with code 0', async (t) => {
  const receiver = await t.receiver();
  const url = receiver.url();
  await receiver.close();
  const app = await t.application();
  await t.endpoint(app, url);
  const attempts = await t.attempts(app, await t.publish(app), 3);
  assert.ok(attempts.every((attempt) => attempt.responseStatusCode === 0 && attempt.status === 2 && attempt.response.length > 0));
});

behaviour('every answer from 200 to 299 is a success', async (t) => {
  const codes = [200, 202, 204, 206, 299];
  const receiver = await t.receiver((request) => ({ status: Number(request.path.slice(1)) }));
  const app = await t.application();
  for (const code of codes) {
    await t.endpoint(app, receiver.url(`/${code}`));
  }

  const attempts = await t.attempts(app, await t.publish(app), codes.length);
  assert.deepEqual(attempts.map((attempt) => attempt.responseStatusCode).sort(), codes);
  assert.ok(attempts.every((attempt) => attempt.status === 0));
});

behaviour('a redirect is a failure and is not followed', async (t) => {
  const receiver = await t.receiver((request) => (request.path === '/from' ? { status: 308, headers: { location: '/to' } } : {}));
  const app = await t.application();
  await t.endpoint(app, receiver.url('/from'));
  const [attempt] = await t.attempts(app, await t.publish(app), 3);
  assert.deepEqual([attempt.responseStatusCode, attempt.status], [308, 2]);
  assert.equal(receiver.at('/to').length, 0);
});

behaviour('an attempt that failed is followed by one that succeeds', async (t) => {
  const receiver = await t.receiver((_, count) => ({ status: count === 1 ? 503 : 200 }));
  const app = await t.application();
  await t.endpoint(app, receiver.url());
  const attempts = await t.attempts(app, await t.publish(app), 2);
  assert.deepEqual(attempts.map((attempt) => [attempt.status, attempt.responseStatusCode]), [[0, 200], [2, 503]]);
  assert.ok(attempts[0].timestamp - attempts[1].timestamp >= 700, 'the retry came too early');
});

behaviour('a receiver that asks for patience gets it within bounds', async (t) => {
  const arrivals = [];
  const receiver = await t.receiver((_, count) => {
    arrivals.push(Date.now());
    return count === 1 ? { status: 503, headers: { 'retry-after': '3600' } } : {};
  });
  const app = await t.application();
  await t.endpoint(app, receiver.url());
  await t.attempts(app, await t.publish(app), 2);
  // At most twice the step of a second, and a fifth of that by chance.
  const waited = arrivals[1] - arrivals[0];
  assert.ok(waited >= 1500, `it waited ${waited} ms`);
});

behaviour('a long answer is cut and one that is no text is kept as base64', async (t) => {
  const binary = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
  const receiver = await t.receiver((request) => ({ body: request.path === '/long' ? 'x'.repeat(30_000) : request.path === '/binary' ? binary : '' }));
  const app = await t.application();
  for (const path of ['/long', '/binary', '/empty']) {
    await t.endpoint(app, receiver.url(path));
  }

  const attempts = await t.attempts(app, await t.publish(app), 3);
  const response = (path) => attempts.find((attempt) => attempt.url.endsWith(path)).response;
  assert.equal(response('/long'), 'x'.repeat(20_000));
  assert.equal(response('/binary'), binary.toString('base64'));
  assert.equal(response('/empty'), '');
});

behaviour('attempts can be listed by status and by class of code', async (t) => {
  const receiver = await t.receiver((_, count) => ({ status: count === 1 ? 500 : count === 2 ? 404 : 200 }));
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  const message = await t.publish(app);
  await t.attempts(app, message, 3);
  for (const list of [
    (options) => t.svix.messageAttempt.listByMsg(app.id, message.id, options),
    (options) => t.svix.messageAttempt.listByEndpoint(app.id, endpoint.id, options),
  ]) {
    const codes = async (options) => (await list(options)).data.map((attempt) => attempt.responseStatusCode);
    assert.deepEqual(await codes({}), [200, 404, 500]);
    assert.deepEqual(await codes({ status: 0 }), [200]);
    assert.deepEqual(await codes({ status: 2 }), [404, 500]);
    assert.deepEqual(await codes({ status: 1 }), []);
    assert.deepEqual(await codes({ statusCodeClass: 400 }), [404]);
    assert.deepEqual(await codes({ statusCodeClass: 500 }), [500]);
    assert.deepEqual(await codes({ statusCodeClass: 0 }), []);
    await refused(list({ statusCodeClass: 201 }), 400);
  }
});

behaviour('attempts can be listed by channel, event type and endpoint', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const [one, two] = [await t.endpoint(app, receiver.url('/1'), { uid: 'one' }), await t.endpoint(app, receiver.url('/2'))];
  const red = await t.publish(app, { eventType: 'red', channels: ['red'] });
  const blue = await t.publish(app, { eventType: 'blue', channels: ['blue'] });
  await t.attempts(app, red, 2);
  await t.attempts(app, blue, 2);
  const byEndpoint = async (options) => (await t.svix.messageAttempt.listByEndpoint(app.id, one.id, options)).data.map((attempt) => attempt.msgId);
  assert.deepEqual(await byEndpoint({}), [blue.id, red.id]);
  assert.deepEqual(await byEndpoint({ channel: 'red' }), [red.id]);
  assert.deepEqual(await byEndpoint({ eventTypes: ['blue'] }), [blue.id]);
  assert.deepEqual(await byEndpoint({ eventTypes: ['blue', 'red'] }), [blue.id, red.id]);
  const byMessage = async (endpointId) => (await t.svix.messageAttempt.listByMsg(app.id, red.id, { endpointId })).data.map((attempt) => attempt.endpointId);
  assert.deepEqual(await byMessage('one'), [one.id]);
  assert.deepEqual(await byMessage(two.id), [two.id]);
  await refused(byMessage('ep_unknown'), 404, 'not_found');
});

behaviour('the response can be left out of lists of attempts', async (t) => {
  const receiver = await t.receiver(() => ({ body: 'private' }));
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  const message = await t.publish(app);
  await t.attempts(app, message, 1);
  const responses = async (withContent) => [
    (await t.svix.messageAttempt.listByMsg(app.id, message.id, { withContent })).data[0].response,
    (await t.svix.messageAttempt.listByEndpoint(app.id, endpoint.id, { withContent })).data[0].response,
  ];
  assert.deepEqual(await responses(false), ['{}', '{}']);
  assert.deepEqual(await responses(true), ['private', 'private']);
});

behaviour('old clients find attempts under the message', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  const message = await t.publish(app);
  const [attempt] = await t.attempts(app, message, 1);
  for (const path of [`/msg/${message.id}/attempt`, `/msg/${message.id}/attempt/`, `/msg/${message.id}/endpoint/${endpoint.id}/attempt`]) {
    const answer = await t.fetch('GET', `/api/v1/app/${app.id}${path}`);
    assert.deepEqual([answer.status, answer.json.data.map((one) => one.id)], [200, [attempt.id]]);
  }
});

behaviour('an attempt of another message is not found', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  await t.endpoint(app, receiver.url());
  const [one, two] = [await t.publish(app), await t.publish(app)];
  const [attempt] = await t.attempts(app, one, 1);
  await refused(t.svix.messageAttempt.get(app.id, two.id, attempt.id), 404, 'not_found');
  await refused(t.svix.messageAttempt.get(app.id, one.id, 'atmpt_unknown'), 404, 'not_found');
  await refused(t.svix.messageAttempt.listByMsg(app.id, 'msg_unknown'), 404, 'not_found');
  await refused(t.svix.messageAttempt.listByEndpoint(app.id, 'ep_unknown'), 404, 'not_found');
});

behaviour('messages can be addressed by their event id', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application({ uid: 'app' });
  await t.endpoint(app, receiver.url(), { uid: 'hook' });
  const message = await t.publish(app, { eventId: 'event' });
  const [attempt] = await t.attempts(app, message, 1);
  assert.deepEqual((await t.svix.messageAttempt.listByMsg('app', 'event')).data.map((one) => one.id), [attempt.id]);
  assert.deepEqual((await t.svix.messageAttempt.listByEndpoint('app', 'hook')).data.map((one) => one.id), [attempt.id]);
  assert.equal((await t.svix.messageAttempt.get('app', 'event', attempt.id)).id, attempt.id);
});

behaviour('the response of an attempt can be expunged', async (t) => {
  const receiver = await t.receiver(() => ({ body: 'private' }));
  const app = await t.application();
  await t.endpoint(app, receiver.url());
  const message = await t.publish(app);
  const [attempt] = await t.attempts(app, message, 1);
  await t.svix.messageAttempt.expungeContent(app.id, message.id, attempt.id);
  assert.deepEqual(await t.svix.messageAttempt.get(app.id, message.id, attempt.id), { ...attempt, response: 'EXPUNGED' });
});

behaviour('a message can be sent again by hand', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  const message = await t.publish(app);
  await t.attempts(app, message, 1);
  assert.deepEqual(await t.svix.messageAttempt.resend(app.id, message.id, endpoint.id), {});
  const attempts = await t.attempts(app, message, 2);
  assert.deepEqual(attempts.map((attempt) => [attempt.status, attempt.triggerType]), [[0, 1], [0, 0]]);
  await refused(t.svix.messageAttempt.resend(app.id, 'msg_unknown', endpoint.id), 404, 'not_found');
  await refused(t.svix.messageAttempt.resend(app.id, message.id, 'ep_unknown'), 404, 'not_found');
});

behaviour('sending again by hand ignores filters', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  await t.eventTypes('wanted');
  const endpoint = await t.endpoint(app, receiver.url(), { eventTypes: ['wanted'] });
  const message = await t.publish(app, { eventType: 'other' });
  await t.svix.messageAttempt.resend(app.id, message.id, endpoint.id);
  assert.equal((await t.received(receiver, 1))[0].id, message.id);
});

behaviour('sending again by hand leaves the retries as planned', async (t) => {
  const receiver = await t.receiver(fails);
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  const message = await t.publish(app);
  await t.received(receiver, 1);
  await t.svix.messageAttempt.resend(app.id, message.id, endpoint.id);
  const attempts = await t.attempts(app, message, 4);
  assert.deepEqual(attempts.map((attempt) => attempt.triggerType).sort(), [0, 0, 0, 1]);
});

behaviour('a message without content cannot be sent again', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  const message = await t.publish(app);
  await t.attempts(app, message, 1);
  await t.svix.message.expungeContent(app.id, message.id);
  await refused(t.svix.messageAttempt.resend(app.id, message.id, endpoint.id), 400, 'missing_payload');
});

behaviour('messages of an endpoint can be listed with their status', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url(), { uid: 'hook' });
  const red = await t.publish(app, { eventType: 'red', channels: ['red'] });
  const blue = await t.publish(app, { eventType: 'blue', payload: { cake: 1 } });
  await t.attempts(app, red, 1);
  await t.attempts(app, blue, 1);
  const list = async (options) => (await t.svix.messageAttempt.listAttemptedMessages(app.id, endpoint.id, options)).data;
  const ids = async (options) => (await list(options)).map((message) => message.id);
  assert.deepEqual(await ids(), [blue.id, red.id]);
  assert.deepEqual((await t.svix.messageAttempt.listAttemptedMessages(app.id, 'hook')).data.length, 2);
  assert.deepEqual(await ids({ channel: 'red' }), [red.id]);
  assert.deepEqual(await ids({ eventTypes: ['blue'] }), [blue.id]);
  assert.deepEqual(await ids({ eventTypes: ['blue', 'red'] }), [blue.id, red.id]);
  const [first] = await list({ withContent: true });
  assert.deepEqual([first.status, first.statusText, first.nextAttempt, first.payload], [0, 'success', null, { cake: 1 }]);
  assert.deepEqual((await list({ withContent: false }))[0].payload, {});
});

behaviour('a given up message is listed as failed', async (t) => {
  const receiver = await t.receiver((request) => ({ status: request.body.includes('bad') ? 500 : 200 }));
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  const bad = await t.publish(app, { payload: { kind: 'bad' } });
  const good = await t.publish(app, { payload: { kind: 'good' } });
  await t.attempts(app, bad, 3);
  await t.attempts(app, good, 1);
  const ids = async (status) => (await t.svix.messageAttempt.listAttemptedMessages(app.id, endpoint.id, { status })).data.map((message) => message.id);
  assert.deepEqual([await ids(0), await ids(1), await ids(2), await ids(3)], [[good.id], [], [bad.id], []]);
});

behaviour('a message with retries to come is listed as sending', async (t) => {
  const receiver = await t.receiver(fails);
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  const message = await t.publish(app);
  const list = async (status) => (await t.svix.messageAttempt.listAttemptedMessages(app.id, endpoint.id, { status })).data;
  const [sending] = await eventually('it is listed', async () => {
    const data = await list(3);
    return data.length > 0 && data;
  }, 5000);
  assert.deepEqual([sending.id, sending.status, sending.statusText], [message.id, 3, 'sending']);
  assert.ok(sending.nextAttempt instanceof Date);
  await t.attempts(app, message, 3);
  assert.deepEqual((await list(3)).length, 0);
});

behaviour('a message that failed before it succeeded is not listed as sending', async (t) => {
  const receiver = await t.receiver((_, count) => ({ status: count === 1 ? 500 : 200 }));
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  const message = await t.publish(app);
  await t.attempts(app, message, 2);
  const ids = async (status) => (await t.svix.messageAttempt.listAttemptedMessages(app.id, endpoint.id, { status })).data.map((one) => one.id);
  assert.deepEqual([await ids(0), await ids(2), await ids(3)], [[message.id], [], []]);
});

behaviour('the endpoints of a message can be listed, deleted ones too', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const endpoints = [];
  for (let number = 0; number < 4; number++) {
    endpoints.push(await t.endpoint(app, receiver.url(`/${number}`)));
  }

  const message = await t.publish(app);
  await t.attempts(app, message, 4);
  await t.svix.endpoint.delete(app.id, endpoints[3].id);
  const list = (options) => t.svix.messageAttempt.listAttemptedDestinations(app.id, message.id, options);
  const ids = (page) => page.data.map((endpoint) => endpoint.id);
  const expected = endpoints.map((endpoint) => endpoint.id).sort();
  const all = await list();
  assert.deepEqual(ids(all), expected);
  assert.deepEqual([all.data[0].status, all.data[0].statusText, all.data[0].nextAttempt], [0, 'success', null]);
  const first = await list({ limit: 3 });
  const second = await list({ limit: 3, iterator: first.iterator });
  assert.deepEqual([ids(first), first.done, ids(second), second.done], [expected.slice(0, 3), false, expected.slice(3), true]);
  assert.deepEqual(ids(await list({ iterator: second.prevIterator })), expected.slice(0, 3));
  assert.deepEqual(ids(await list({ iterator: `-${expected[2]}` })), expected.slice(0, 2));
});
