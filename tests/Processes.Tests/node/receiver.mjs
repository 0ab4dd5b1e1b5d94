// A receiver that checks every delivery with the two official packages and keeps a record of what it saw.
//
// Prints one line {"port", "control"} once it listens; ends when its standard input closes.
// Deliveries: any POST on `port`; the path names the endpoint.
// Control port: POST /configure {secrets, failRate, seed, delayMs, down}, GET /counts, GET /report?from=N.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';

const settings = { failRate: 0, delayMs: 0, down: false };
const verifiers = new Map();
const deliveries = [];
const counts = { received: 0, succeeded: 0, failed: 0, invalid: 0, broken: 0, inFlight: 0 };
let random = seededRandom(1);

const receiver = createServer({ keepAliveTimeout: 600_000 }, async (request, response) => {
  const startedAt = performance.timeOrigin + performance.now();
  const delivery = { order: deliveries.length, path: request.url, id: request.headers['webhook-id'], startedAt };
  deliveries.push(delivery);
  counts.received++;
  counts.inFlight++;

  let body;
  try {
    body = await read(request);
  } catch {
    // The sender died in the middle of its request.
    delivery.status = 0;
    counts.broken++;
    counts.inFlight--;
    return;
  }

  delivery.sha256 = createHash('sha256').update(body).digest('hex');
  delivery.length = body.length;
  delivery.contentType = request.headers['content-type'];
  delivery.invalid = refusal(request, body);

  if (settings.delayMs > 0) {
    await new Promise((resolve) => setTimeout(resolve, settings.delayMs));
  }

  if (delivery.invalid !== null) {
    delivery.status = 400;
    counts.invalid++;
  } else if (settings.down || random() < settings.failRate) {
    delivery.status = 503;
    counts.failed++;
  } else {
    delivery.status = 200;
    counts.succeeded++;
  }

  delivery.endedAt = performance.timeOrigin + performance.now();
  counts.inFlight--;
  response.writeHead(delivery.status).end();
});

const control = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://control');
  if (request.method === 'POST' && url.pathname === '/configure') {
    configure(JSON.parse(await read(request)));
    response.writeHead(204).end();
  } else if (url.pathname === '/counts') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(counts));
  } else if (url.pathname === '/report') {
    const from = Number(url.searchParams.get('from') ?? 0);
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.end(deliveries.slice(from).map((delivery) => JSON.stringify(delivery) + '\n').join(''));
  } else {
    response.writeHead(404).end();
  }
});

async function read(request) {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }

  return Buffer.concat(chunks);
}

function configure({ secrets = {}, seed, ...rest }) {
  for (const [path, secret] of Object.entries(secrets)) {
    verifiers.set(path, { standard: new StandardWebhook(secret), svix: new SvixWebhook(secret) });
  }

  if (seed !== undefined) {
    random = seededRandom(seed);
  }

  Object.assign(settings, rest);
}

// Null when both packages accept the delivery, each by the headers of its own name.
function refusal(request, body) {
  const verifier = verifiers.get(request.url);
  if (verifier === undefined) {
    return `no secret is known for ${request.url}`;
  }

  try {
    verifier.standard.verify(body, only(request.headers, 'webhook-'));
    verifier.svix.verify(body, only(request.headers, 'svix-'));
    return null;
  } catch (error) {
    return String(error);
  }
}

function only(headers, prefix) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith(prefix)));
}

// A linear congruential generator: a run can be repeated with its seed.
function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function listen(server) {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
}

console.log(JSON.stringify({ port: await listen(receiver), control: await listen(control) }));
process.stdin.resume().on('end', () => process.exit(0));
