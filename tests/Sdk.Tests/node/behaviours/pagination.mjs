import assert from 'node:assert/strict';
import { behaviour, eventually, invalid, refused } from '../harness.mjs';

const nowhere = 'http://127.0.0.1:9/';

/** Creates one after the other, so that their order is certain. */
async function inTurn(count, create) {
  const created = [];
  for (let number = 0; number < count; number++) {
    created.push(await create(number));
  }

  return created;
}

/** Walks a list of these ids forward and back in pages of several sizes, and by iterators made by hand. */
async function walk(list, ids) {
  const of = (page) => page.data.map((item) => item.id ?? item.name);
  for (const limit of [1, 2, ids.length - 1, ids.length, ids.length + 5]) {
    let page;
    for (let from = 0; from < ids.length; from += limit) {
      page = await list({ limit, iterator: page?.iterator });
      assert.deepEqual(of(page), ids.slice(from, from + limit), `forward by ${limit}`);
      assert.equal(page.done, from + limit >= ids.length, `done, forward by ${limit} from ${from}`);
      assert.equal(page.iterator, ids[Math.min(from + limit, ids.length) - 1]);
      assert.equal(page.prevIterator, `-${ids[from]}`);
    }

    for (let end = ids.indexOf(of(page)[0]); end > 0; end -= limit) {
      page = await list({ limit, iterator: page.prevIterator });
      assert.deepEqual(of(page), ids.slice(Math.max(0, end - limit), end), `back by ${limit}`);
      assert.equal(page.done, end - limit <= 0, `done, back by ${limit} to ${end}`);
    }
  }

  assert.deepEqual(of(await list({ iterator: ids[1] })), ids.slice(2));
  assert.deepEqual(of(await list({ iterator: `-${ids[2]}` })), ids.slice(0, 2));
  const end = await list({ iterator: ids.at(-1) });
  assert.deepEqual([end.data, end.iterator, end.prevIterator ?? null, end.done], [[], null, null, true]);
}

const idsOf = (items) => items.map((item) => item.id);

behaviour('applications are listed the oldest first, or the other way round', async (t) => {
  const ids = idsOf(await inTurn(6, () => t.application()));
  await walk((options) => t.svix.application.list(options), ids);
  await walk((options) => t.svix.application.list({ ...options, order: 'descending' }), ids.toReversed());
});

behaviour('endpoints are listed the newest first, or the other way round', async (t) => {
  const app = await t.application();
  const ids = idsOf(await inTurn(6, () => t.endpoint(app, nowhere)));
  await walk((options) => t.svix.endpoint.list(app.id, options), ids.toReversed());
  await walk((options) => t.svix.endpoint.list(app.id, { ...options, order: 'ascending' }), ids);
});

behaviour('event types are listed by name whatever order is asked for', async (t) => {
  await t.eventTypes('b', 'A', 'c.1', 'c', 'a', 'B');
  const names = ['A', 'B', 'a', 'b', 'c', 'c.1'];
  await walk((options) => t.svix.eventType.list(options), names);
  await walk((options) => t.svix.eventType.list({ ...options, order: 'descending' }), names);
});

behaviour('messages are listed the newest first', async (t) => {
  const app = await t.application();
  const ids = idsOf(await inTurn(7, () => t.publish(app)));
  await walk((options) => t.svix.message.list(app.id, options), ids.toReversed());
});

behaviour('attempts of an endpoint are listed the newest first', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  await inTurn(6, () => t.publish(app));
  const list = (options) => t.svix.messageAttempt.listByEndpoint(app.id, endpoint.id, options);
  const { data } = await eventually('all are listed', async () => {
    const page = await list();
    return page.data.length === 6 && page;
  });
  assert.deepEqual(idsOf(data), idsOf(data).sort().reverse());
  await walk(list, idsOf(data));
});

behaviour('attempts of a message are listed the newest first', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  await inTurn(6, (number) => t.endpoint(app, receiver.url(`/${number}`)));
  const message = await t.publish(app);
  const attempts = await t.attempts(app, message, 6);
  assert.deepEqual(idsOf(attempts), idsOf(attempts).sort().reverse());
  await walk((options) => t.svix.messageAttempt.listByMsg(app.id, message.id, options), idsOf(attempts));
});

behaviour('messages of an endpoint are listed the newest first', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  const ids = idsOf(await inTurn(5, () => t.publish(app))).toReversed();
  await Promise.all(ids.map((id) => t.attempts(app, { id }, 1)));
  await walk((options) => t.svix.messageAttempt.listAttemptedMessages(app.id, endpoint.id, options), ids);
});

behaviour('walking far forward and back meets the same pages', async (t) => {
  const app = await t.application();
  const ids = idsOf(await inTurn(28, () => t.publish(app))).toReversed();
  const list = (iterator) => t.svix.message.list(app.id, { limit: 10, iterator });
  const pages = [];
  for (let page = await list(); ; page = await list(page.iterator)) {
    pages.push(idsOf(page.data));
    if (page.done) {
      break;
    }
  }

  assert.deepEqual(pages, [ids.slice(0, 10), ids.slice(10, 20), ids.slice(20)]);
  const second = await list(`-${ids[20]}`);
  const first = await list(second.prevIterator);
  assert.deepEqual([idsOf(second.data), second.done, idsOf(first.data), first.done], [pages[1], false, pages[0], true]);
});

behaviour('an empty list is done and has nowhere to go', async (t) => {
  for (const list of [t.svix.application, t.svix.eventType]) {
    const page = await list.list();
    assert.deepEqual([page.data, page.iterator, page.prevIterator ?? null, page.done], [[], null, null, true]);
  }

  const { json } = await t.fetch('GET', '/api/v1/app');
  assert.deepEqual(json, { data: [], iterator: null, done: true });
});

behaviour('a page holds 50 items if nothing is said and 250 at most', async (t) => {
  await inTurn(51, (number) => t.svix.eventType.create({ name: `type.${number}`, description: '' }));
  const page = await t.svix.eventType.list();
  assert.deepEqual([page.data.length, page.done], [50, false]);
  assert.equal((await t.svix.eventType.list({ limit: 250 })).data.length, 51);
  await invalid(t.svix.eventType.list({ limit: 251 }), 'query', 'limit', 'limit');
  await refused(t.svix.eventType.list({ limit: -1 }), 400, 'generic_error');
});

behaviour('a limit of zero is taken and gives nothing', async (t) => {
  await t.application();
  assert.deepEqual((await t.svix.application.list({ limit: 0 })).data, []);
});

behaviour('an iterator that is none is refused', async (t) => {
  const app = await t.application();
  const endpoint = await t.endpoint(app, nowhere);
  for (const iterator of ['rubbish', 'msg_', '-rubbish', 'ep_!!!']) {
    await invalid(t.svix.application.list({ iterator }), 'query', 'iterator', 'iterator');
    await invalid(t.svix.message.list(app.id, { iterator }), 'query', 'iterator', 'iterator');
    await invalid(t.svix.messageAttempt.listByEndpoint(app.id, endpoint.id, { iterator }), 'query', 'iterator', 'iterator');
  }

  await invalid(t.svix.eventType.list({ iterator: 'not a name' }), 'query', 'iterator', 'iterator');
  await invalid(t.svix.message.list(app.id, { iterator: 'msg_tooshort' }), 'query', 'iterator', 'iterator');
});

/** Publishes three messages whose times are at least some milliseconds apart. */
const apart = (t, app) => inTurn(3, async () => {
  const message = await t.publish(app);
  await eventually('time has passed', () => Date.now() > message.timestamp.getTime() + 20);
  return message;
});

behaviour('messages can be listed after a time and before one', async (t) => {
  const app = await t.application();
  const [one, two, three] = await apart(t, app);
  const ids = async (options) => idsOf((await t.svix.message.list(app.id, options)).data);
  assert.deepEqual(await ids({ before: two.timestamp }), [one.id]);
  assert.deepEqual(await ids({ after: two.timestamp }), [three.id, two.id]);
  assert.deepEqual(await ids({ after: one.timestamp, before: three.timestamp }), [two.id, one.id]);
  assert.deepEqual(await ids({ after: new Date(Date.now() + 60_000) }), []);
  assert.deepEqual(await ids({ before: new Date(Date.now() - 60_000) }), []);
});

behaviour('a list after a time begins at that time', async (t) => {
  const app = await t.application();
  const [one, two, three] = await apart(t, app);
  const page = await t.svix.message.list(app.id, { after: one.timestamp, limit: 2 });
  assert.deepEqual([idsOf(page.data), page.done], [[two.id, one.id], false]);
  assert.deepEqual(idsOf((await t.svix.message.list(app.id, { iterator: page.prevIterator })).data), [three.id]);
});

behaviour('a window of time is done when all in it is shown', async (t) => {
  const app = await t.application();
  const [one, two, three] = await apart(t, app);
  const page = await t.svix.message.list(app.id, { after: two.timestamp, before: three.timestamp });
  assert.deepEqual([idsOf(page.data), page.done], [[two.id], true]);
  assert.deepEqual(idsOf((await t.svix.message.list(app.id, { iterator: page.iterator })).data), [one.id]);
  assert.deepEqual(idsOf((await t.svix.message.list(app.id, { iterator: page.prevIterator })).data), [three.id]);
});

behaviour('attempts can be listed after a time and before one', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  const endpoint = await t.endpoint(app, receiver.url());
  const attempts = await inTurn(3, async () => {
    const [attempt] = await t.attempts(app, await t.publish(app), 1);
    await eventually('time has passed', () => Date.now() > attempt.timestamp.getTime() + 20);
    return attempt;
  });
  const [one, two, three] = attempts;
  const ids = async (options) => idsOf((await t.svix.messageAttempt.listByEndpoint(app.id, endpoint.id, options)).data);
  assert.deepEqual(await ids({ before: two.timestamp }), [one.id]);
  assert.deepEqual(await ids({ after: two.timestamp }), [three.id, two.id]);
  assert.deepEqual(await ids({ after: one.timestamp, before: three.timestamp }), [two.id, one.id]);
  const byMessage = async (options) => idsOf((await t.svix.messageAttempt.listByMsg(app.id, two.msgId, options)).data);
  assert.deepEqual([await byMessage({ after: two.timestamp }), await byMessage({ before: two.timestamp })], [[two.id], []]);
});
