// What is seen on the wire beneath the SDKs: old clients, proxies and hand-written ones.
import assert from 'node:assert/strict';
import { behaviour, invalid, refused } from '../harness.mjs';

const isError = (json) => assert.deepEqual([Object.keys(json).sort(), typeof json.code, typeof json.detail], [['code', 'detail'], 'string', 'string']);

/** The one fault of a 422. */
function fault(answer) {
  assert.equal(answer.status, 422, answer.text);
  assert.deepEqual([Object.keys(answer.json), answer.json.detail.length], [['detail'], 1]);
  return answer.json.detail[0];
}

behaviour('a slash at the end of a path makes no difference', async (t) => {
  const created = await t.fetch('POST', '/api/v1/app/?get_if_exists=true', { body: { name: 'x', uid: 'u' } });
  assert.equal(created.status, 201);
  assert.equal((await t.fetch('GET', '/api/v1/app/u/')).json.id, created.json.id);
  assert.equal((await t.fetch('PATCH', '/api/v1/app/u/', { body: { name: 'y' } })).status, 200);
  assert.equal((await t.fetch('PUT', '/api/v1/app/u/', { body: { name: 'z', uid: 'u' } })).status, 200);
  assert.equal((await t.fetch('GET', '/api/v1/app/?limit=0')).json.data.length, 0);
  assert.equal((await t.fetch('DELETE', '/api/v1/app/u/')).status, 204);
});

behaviour('doubled slashes at the front make no difference', async (t) => {
  assert.equal((await t.fetch('GET', '//api/v1/app')).status, 200);
  const svix = t.connect(t.token, { serverUrl: `${t.baseUrl}/` });
  const app = await svix.application.create({ name: 'x' });
  assert.equal((await svix.application.get(app.id)).id, app.id);
});

behaviour('an unknown route is 404 with a JSON error', async (t) => {
  for (const path of ['/api/v1/nothing', '/api/v1/app/x/y/z', '/api/v2/app', '/nothing']) {
    const answer = await t.fetch('GET', path);
    assert.equal(answer.status, 404, path);
    isError(answer.json);
  }
});

behaviour('a wrong method is 405 with a JSON error', async (t) => {
  for (const [method, path] of [['DELETE', '/api/v1/app'], ['POST', '/api/v1/app/x'], ['PUT', '/api/v1/event-type']]) {
    const answer = await t.fetch(method, path, { body: method === 'DELETE' ? undefined : {} });
    assert.equal(answer.status, 405, path);
    isError(answer.json);
  }
});

behaviour('what only the cloud product does is refused as any unknown route', async (t) => {
  const app = await t.application();
  const endpoint = await t.endpoint(app, 'http://127.0.0.1:9/');
  for (const call of [
    () => t.svix.message.expungeAllContents(app.id),
    () => t.svix.authentication.expireAll(app.id),
  ]) {
    // Some of these addresses are known, by another method.
    isError(await refused(call(), [404, 405]));
  }
});

behaviour('an empty body is 422', async (t) => {
  assert.equal(fault(await t.fetch('POST', '/api/v1/app')).type, 'value_error.jsondecode');
  assert.equal(fault(await t.fetch('POST', '/api/v1/event-type', { body: '' })).type, 'value_error.jsondecode');
});

behaviour('a body that is not JSON is 422 at the root', async (t) => {
  for (const body of ['{', 'text', '[]', '"text"', '{"name":}']) {
    const { loc, type } = fault(await t.fetch('POST', '/api/v1/app', { body }));
    assert.deepEqual([loc, type], [['body', '', ''], 'value_error.jsondecode'], body);
  }
});

behaviour('a wrong type is 422 at the field by its name on the wire', async (t) => {
  const app = await t.application();
  for (const [path, body, place] of [
    ['/app', { name: 5 }, ['body', 'name']],
    ['/app', { name: 'x', throttleRate: 'fast' }, ['body', 'throttleRate']],
    ['/app', { name: 'x', metadata: { a: 1 } }, ['body', 'metadata', 'a']],
    [`/app/${app.id}/endpoint`, { url: 'http://127.0.0.1/', disabled: 'no' }, ['body', 'disabled']],
    [`/app/${app.id}/endpoint`, { url: 'http://127.0.0.1/', channels: [1] }, ['body', 'channels[0]']],
    [`/app/${app.id}/msg`, { eventType: 'a', payload: [] }, ['body', 'payload']],
    [`/app/${app.id}/msg`, { eventType: 1, payload: {} }, ['body', 'eventType']],
  ]) {
    const { loc, type } = fault(await t.fetch('POST', `/api/v1${path}`, { body }));
    assert.deepEqual([loc, type], [place, 'value_error.jsondecode'], JSON.stringify(body));
  }
});

behaviour('a missing field is 422', async (t) => {
  const app = await t.application();
  for (const [path, body] of [['/app', {}], ['/event-type', { name: 'x' }], [`/app/${app.id}/endpoint`, {}], [`/app/${app.id}/msg`, { eventType: 'a' }]]) {
    assert.equal(fault(await t.fetch('POST', `/api/v1${path}`, { body })).type, 'value_error.jsondecode');
  }
});

behaviour('a broken rule is 422, one item for each', async (t) => {
  const answer = await t.fetch('POST', '/api/v1/app', { body: { name: '', throttleRate: 0 } });
  assert.equal(answer.status, 422);
  assert.deepEqual(answer.json.detail.map((item) => item.loc.join('/')).sort(), ['body/name', 'body/throttle_rate']);
  assert.ok(answer.json.detail.every((item) => item.type === 'value_error'));
});

behaviour('unknown fields and parameters are ignored', async (t) => {
  const answer = await t.fetch('POST', '/api/v1/app?colour=red', { body: { name: 'x', colour: 'red', nested: { deep: [1] } } });
  assert.equal(answer.status, 201);
  assert.ok(!('colour' in answer.json));
  assert.equal((await t.fetch('GET', '/api/v1/app?colour=red&expanded_statuses=true')).status, 200);
});

behaviour('the content type of a request does not matter', async (t) => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml; charset=utf-8']) {
    assert.equal((await t.fetch('POST', '/api/v1/app', { headers: { 'content-type': type }, body: '{"name":"x"}' })).status, 201, type);
  }
});

behaviour('a field under both of its names is refused', async (t) => {
  const app = await t.application();
  await t.eventTypes('a');
  const endpoint = await t.fetch('POST', `/api/v1/app/${app.id}/endpoint`, { body: { url: 'http://127.0.0.1/', eventTypes: ['a'], filterTypes: ['a'] } });
  assert.equal(endpoint.status, 422);
  assert.equal((await t.fetch('POST', `/api/v1/app/${app.id}/msg`, { body: { eventType: 'a', payload: {}, data: {} } })).status, 422);
});

behaviour('a query that cannot be read is 400', async (t) => {
  const app = await t.application();
  for (const path of ['/app?limit=many', '/app?order=sideways', '/event-type?with_content=yes', `/app/${app.id}/msg?before=yesterday`, '/app?get_if_exists=1', `/app/${app.id}/attempt/msg/x?status=9`]) {
    const answer = await t.fetch(path.includes('get_if_exists') ? 'POST' : 'GET', `/api/v1${path}`, path.includes('get_if_exists') ? { body: { name: 'x', uid: 'u' } } : {});
    assert.deepEqual([answer.status, answer.json.code], [400, 'generic_error'], path);
    isError(answer.json);
  }
});

behaviour('a query that breaks a rule is 422', async (t) => {
  const app = await t.application();
  for (const query of ['limit=251', 'iterator=nonsense', 'channel=not%20a%20channel', 'event_types=not%20a%20type']) {
    assert.equal(fault(await t.fetch('GET', `/api/v1/app/${app.id}/msg?${query}`)).loc[0], 'query', query);
  }
});

behaviour('event types in a query are understood in four spellings', async (t) => {
  const app = await t.application();
  const [a, b] = [await t.publish(app, { eventType: 'a' }), await t.publish(app, { eventType: 'b' })];
  await t.publish(app, { eventType: 'c' });
  for (const query of ['event_types=a,b', 'event_types=a&event_types=b', 'event_types[]=a&event_types[]=b', 'event_types[0]=a&event_types[1]=b']) {
    const { json } = await t.fetch('GET', `/api/v1/app/${app.id}/msg?${query}`);
    assert.deepEqual(json.data.map((message) => message.id), [b.id, a.id], query);
  }
});

behaviour('a time in a query may be written in several ways', async (t) => {
  const app = await t.application();
  await t.publish(app);
  for (const time of ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.678901Z', '2026-01-02T05:04:05+02:00', '2026-01-02 03:04:05.678 UTC', '2026-01-02 03:04:05Z']) {
    const answer = await t.fetch('GET', `/api/v1/app/${app.id}/msg?before=${encodeURIComponent(time)}`);
    assert.deepEqual([answer.status, answer.json.data], [200, []], time);
  }
});

behaviour('an unknown application is reported before its body is read', async (t) => {
  const answer = await t.fetch('POST', '/api/v1/app/app_unknown/endpoint', { body: '{' });
  assert.deepEqual([answer.status, answer.json.code], [404, 'not_found']);
});

behaviour('a path part may hold any escaped text', async (t) => {
  for (const part of ['a%20b', '%2Fetc%2Fpasswd', '%E2%82%AC', '..%2F..']) {
    const answer = await t.fetch('GET', `/api/v1/app/${part}`);
    assert.ok([400, 404].includes(answer.status), `${part}: ${answer.status}`);
    isError(answer.json);
  }
});

behaviour('publishing to an illegal application id is 422', async (t) => {
  await invalid(t.svix.message.create('no good', { eventType: 'a', payload: {} }), 'path', 'app_id_or_uid', '__all__');
});

behaviour('a body beyond the limit is 413 on every route', async (t) => {
  const answer = await t.fetch('POST', '/api/v1/app', { body: { name: 'x'.repeat(2_100_000) } });
  assert.equal(answer.status, 413);
  assert.equal(answer.json.code, 'payload_too_large');
});

behaviour('answers are JSON with times of microseconds in UTC', async (t) => {
  const answer = await t.fetch('POST', '/api/v1/app', { body: { name: 'x' } });
  assert.match(answer.headers.get('content-type'), /^application\/json/);
  assert.match(answer.json.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  assert.deepEqual((await t.fetch('GET', `/api/v1/app/${answer.json.id}`)).json, answer.json);
});

behaviour('a browser may call from anywhere', async (t) => {
  const preflight = await t.fetch('OPTIONS', '/api/v1/app', {
    bearer: null,
    headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type,svix-req-id' },
  });
  assert.ok(preflight.status === 200 || preflight.status === 204);
  assert.equal(preflight.headers.get('access-control-max-age'), '600');
  assert.match(preflight.headers.get('access-control-allow-headers'), /svix-req-id/i);
  for (const answer of [preflight, await t.fetch('GET', '/api/v1/app', { headers: { origin: 'https://shop.example' } })]) {
    assert.ok(['*', 'https://shop.example'].includes(answer.headers.get('access-control-allow-origin')));
  }
});

behaviour('health is answered without a token', async (t) => {
  await t.svix.health.get();
  const health = await t.fetch('GET', '/api/v1/health', { bearer: null });
  assert.equal(health.status, 200);
  assert.equal(typeof health.json, 'object');
  for (const [method, path, status] of [
    ['HEAD', '/api/v1/health', 200], ['GET', '/api/v1/health/', 200], ['GET', '/api/v1/health/ping', 204], ['GET', '/api/v1/health/ping/', 204], ['HEAD', '/api/v1/health/ping', 204],
  ]) {
    const answer = await t.fetch(method, path, { bearer: null });
    assert.equal(answer.status, status, `${method} ${path}`);
    assert.ok(method === 'GET' && status === 200 ? answer.text.length > 0 : answer.text === '');
  }
});
