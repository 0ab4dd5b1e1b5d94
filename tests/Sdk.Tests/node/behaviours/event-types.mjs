import assert from 'node:assert/strict';
import { behaviour, invalid, refused } from '../harness.mjs';

const schemas = { 1: { type: 'object', properties: { total: { type: 'number' } } } };

behaviour('a created event type reads back as it was answered', async (t) => {
  const type = await t.svix.eventType.create({ name: 'invoice.paid', description: 'Paid', schemas, deprecated: true, groupName: 'invoices' });
  assert.deepEqual(
    [type.name, type.description, type.archived, type.deprecated, type.schemas, type.groupName],
    ['invoice.paid', 'Paid', false, true, schemas, 'invoices']);
  assert.deepEqual(await t.svix.eventType.get('invoice.paid'), type);
});

behaviour('an event type of a taken name is refused', async (t) => {
  await t.eventTypes('taken');
  await refused(t.svix.eventType.create({ name: 'taken', description: '' }), 409, 'event_type_exists');
  assert.equal((await t.foreign().eventType.create({ name: 'taken', description: 'elsewhere' })).description, 'elsewhere');
});

behaviour('a list of event types has schemas only on request', async (t) => {
  await t.svix.eventType.create({ name: 'one', description: '', schemas });
  assert.equal((await t.svix.eventType.list()).data[0].schemas, null);
  assert.deepEqual((await t.svix.eventType.list({ withContent: true })).data[0].schemas, schemas);
});

behaviour('replacing an event type sets every field anew', async (t) => {
  await t.svix.eventType.create({ name: 'one', description: 'old', schemas, deprecated: true });
  const replaced = await t.svix.eventType.upsert('one', { description: 'new' });
  assert.deepEqual([replaced.description, replaced.schemas, replaced.deprecated, replaced.archived], ['new', null, false, false]);
  assert.deepEqual(await t.svix.eventType.get('one'), replaced);
});

behaviour('replacing an event type that does not exist creates it under the name in the path', async (t) => {
  const answer = await t.fetch('PUT', '/api/v1/event-type/from.path', { body: { name: 'from.body', description: 'x' } });
  assert.deepEqual([answer.status, answer.json.name], [201, 'from.path']);
  assert.equal((await t.svix.eventType.upsert('from.path', { description: 'y' })).description, 'y');
  await refused(t.svix.eventType.get('from.body'), 404, 'not_found');
});

behaviour('each field of an event type changes alone', async (t) => {
  let expected = await t.svix.eventType.create({ name: 'one', description: 'old', schemas });
  for (const change of [{ description: 'new' }, { deprecated: true }, { schemas: {} }, { schemas: null }, { archived: true }, { groupName: 'g' }]) {
    const changed = await t.svix.eventType.patch('one', change);
    expected = { ...expected, ...change, updatedAt: changed.updatedAt };
    assert.deepEqual(changed, expected, JSON.stringify(change));
    assert.deepEqual(await t.svix.eventType.get('one'), changed);
  }

  await refused(t.svix.eventType.patch('absent', { description: 'x' }), 404, 'not_found');
});

behaviour('deleting an event type archives it', async (t) => {
  await t.eventTypes('kept', 'old');
  await t.svix.eventType.delete('old');
  await t.svix.eventType.delete('old');
  assert.equal((await t.svix.eventType.get('old')).archived, true);
  assert.deepEqual((await t.svix.eventType.list()).data.map((type) => type.name), ['kept']);
  assert.deepEqual((await t.svix.eventType.list({ includeArchived: true })).data.map((type) => type.name), ['kept', 'old']);
  await refused(t.svix.eventType.delete('absent'), 404, 'not_found');
});

behaviour('creating an archived event type revives it', async (t) => {
  await t.svix.eventType.create({ name: 'old', description: 'first', schemas });
  await t.svix.eventType.delete('old');
  const revived = await t.svix.eventType.create({ name: 'old', description: 'second' });
  assert.deepEqual([revived.archived, revived.description, revived.schemas], [false, 'second', null]);
  await t.svix.eventType.delete('old');
  assert.equal((await t.svix.eventType.upsert('old', { description: 'third' })).archived, false);
});

behaviour('an event type can be created anew and stay archived', async (t) => {
  await t.eventTypes('old');
  await t.svix.eventType.delete('old');
  const type = await t.svix.eventType.create({ name: 'old', description: 'anew', archived: true });
  assert.deepEqual([type.archived, type.description], [true, 'anew']);
  assert.deepEqual((await t.svix.eventType.list()).data, []);
});

behaviour('expunging an event type removes it for good', async (t) => {
  await t.eventTypes('gone');
  await t.svix.eventType.delete('gone', { expunge: true });
  await refused(t.svix.eventType.get('gone'), 404, 'not_found');
  assert.deepEqual((await t.svix.eventType.list({ includeArchived: true })).data, []);
  assert.equal((await t.svix.eventType.create({ name: 'gone', description: 'anew' })).description, 'anew');
});

behaviour('an archived event type cannot be chosen but still arrives', async (t) => {
  const receiver = await t.receiver();
  const app = await t.application();
  await t.eventTypes('old');
  const endpoint = await t.endpoint(app, receiver.url(), { eventTypes: ['old'] });
  await t.svix.eventType.delete('old');
  await invalid(t.endpoint(app, receiver.url(), { eventTypes: ['old'] }), 'body', 'eventTypes');
  assert.deepEqual((await t.svix.endpoint.get(app.id, endpoint.id)).eventTypes, ['old']);
  const message = await t.publish(app, { eventType: 'old' });
  assert.equal((await t.received(receiver, 1))[0].id, message.id);
});

behaviour('a schema must be a JSON Schema', async (t) => {
  await invalid(t.svix.eventType.create({ name: 'bad', description: '', schemas: { 1: { readOnly: 15 } } }));
  await invalid(t.svix.eventType.create({ name: 'bad', description: '', schemas: { 1: { type: 'no such type' } } }));
  await refused(t.svix.eventType.get('bad'), 404);
});

behaviour('an event type needs a name of plain characters and a description', async (t) => {
  for (const name of ['', 'with space', 'a/b', 'ü', 'x'.repeat(257)]) {
    await invalid(t.svix.eventType.create({ name, description: '' }), 'body', 'name', '__all__');
  }

  await invalid(t.svix.eventType.create({ name: 'x' }));
  await invalid(t.svix.eventType.upsert('x', {}));
  assert.equal((await t.svix.eventType.create({ name: 'A-z_0.9', description: '' })).name, 'A-z_0.9');
});

behaviour('a flagged event type is seen by customers with its flag only', async (t) => {
  const app = await t.application();
  await t.svix.eventType.create({ name: 'open', description: '' });
  await t.svix.eventType.create({ name: 'secret', description: '', featureFlag: 'beta' });
  assert.equal((await t.svix.eventType.get('secret')).featureFlag, 'beta');
  const names = async (customer) => (await customer.eventType.list()).data.map((type) => type.name);
  await refused(t.customer(app).eventType.get('secret'), 404, 'not_found');
  assert.deepEqual(await names(t.customer(app)), ['open']);
  assert.deepEqual(await names(t.customer(app, ['other'])), ['open']);
  assert.deepEqual(await names(t.customer(app, ['beta', 'other'])), ['open', 'secret']);
  assert.equal((await t.customer(app, ['beta']).eventType.get('secret')).name, 'secret');
  assert.equal((await t.svix.eventType.patch('secret', { featureFlag: null })).featureFlag, null);
  assert.deepEqual(await names(t.customer(app)), ['open', 'secret']);
}, { only: 'svix1' });

behaviour('an event type keeps a set of feature flags', async (t) => {
  const app = await t.application();
  const type = await t.svix.eventType.create({ name: 'secret', description: '', featureFlags: ['beta'] });
  assert.deepEqual(type.featureFlags, ['beta']);
  assert.deepEqual((await t.svix.eventType.get('secret')).featureFlags, ['beta']);
  await refused(t.customer(app).eventType.get('secret'), 404, 'not_found');
  assert.equal((await t.customer(app, ['beta']).eventType.get('secret')).name, 'secret');
  assert.deepEqual((await t.svix.eventType.patch('secret', { featureFlags: ['a', 'b'] })).featureFlags.sort(), ['a', 'b']);
});

behaviour('a customer reads event types but changes none', async (t) => {
  const app = await t.application();
  await t.eventTypes('one');
  const customer = t.customer(app);
  assert.equal((await customer.eventType.get('one')).name, 'one');
  await refused(customer.eventType.create({ name: 'x', description: '' }), 403, 'insufficient access');
  await refused(customer.eventType.upsert('one', { description: '' }), 403, 'insufficient access');
  await refused(customer.eventType.patch('one', { description: '' }), 403, 'insufficient access');
  await refused(customer.eventType.delete('one'), 403, 'insufficient access');
});

// The contract leaves the import open but for what the SDKs send and read: webhooks of an OpenAPI 3.1 document.
const openapi = {
  openapi: '3.1.0',
  info: { title: 'Bakery', version: '1' },
  webhooks: {
    'cake.baked': { post: { description: 'A cake is ready', requestBody: { content: { 'application/json': { schema: { type: 'object' } } } } } },
  },
};

behaviour('event types can be imported from an OpenAPI document', async (t) => {
  const { data } = await t.svix.eventType.importOpenapi({ spec: openapi });
  assert.deepEqual(data.modified, ['cake.baked']);
  const type = await t.svix.eventType.get('cake.baked');
  assert.equal(type.description, 'A cake is ready');
  assert.deepEqual(Object.values(type.schemas).map((schema) => schema.type), ['object']);
});

behaviour('a dry run of an import changes nothing', async (t) => {
  const { data } = await t.svix.eventType.importOpenapi({ spec: openapi, dryRun: true });
  assert.deepEqual(data.toModify.map((type) => type.name), ['cake.baked']);
  assert.deepEqual((await t.svix.eventType.list()).data, []);
});

behaviour('an OpenAPI document may come as text', async (t) => {
  await t.svix.eventType.importOpenapi({ specRaw: JSON.stringify(openapi) });
  assert.equal((await t.svix.eventType.get('cake.baked')).description, 'A cake is ready');
});
