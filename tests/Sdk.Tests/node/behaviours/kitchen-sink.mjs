// The tour that a new user takes, under the token that the tests were started with.
import assert from 'node:assert/strict';
import { behaviour } from '../harness.mjs';

behaviour('a first tour through the SDK works, and again on a second visit', async (t) => {
  const svix = t.connect(t.sharedToken);
  const receiver = await t.receiver();
  const app = await svix.application.create({ name: 'Tour' });
  for (const name of ['tour.started', 'tour.ended']) {
    try {
      await svix.eventType.create({ name, description: name });
    } catch (error) {
      // Somebody has been here before.
      assert.equal(error.code, 409, String(error));
    }
  }

  const endpoint = await svix.endpoint.create(app.id, { url: receiver.url(), channels: ['ch0', 'ch1'] });
  assert.deepEqual([[...endpoint.channels].sort(), endpoint.eventTypes ?? null], [['ch0', 'ch1'], null]);
  const patched = await svix.endpoint.patch(app.id, endpoint.id, { eventTypes: ['tour.started', 'tour.ended'] });
  assert.deepEqual([[...patched.eventTypes].sort(), [...patched.channels].sort()], [['tour.ended', 'tour.started'], ['ch0', 'ch1']]);

  const { key } = await svix.endpoint.getSecret(app.id, endpoint.id);
  const message = await svix.message.create(app.id, { eventType: 'tour.started', channels: ['ch1'], payload: { guests: 3 } });
  const [request] = await t.received(receiver, 1);
  t.verify(request, key);
  assert.deepEqual([request.id, JSON.parse(request.body)], [message.id, { guests: 3 }]);

  await svix.endpoint.delete(app.id, endpoint.id);
  const again = await t.fetch('DELETE', `/api/v1/app/${app.id}`, { bearer: t.sharedToken });
  assert.deepEqual([again.status, again.text], [204, '']);
});
