// An endpoint's side: an HTTP server on this machine that keeps every request and answers as it is told.
import { createServer } from 'node:http';

/**
 * Starts a receiver.
 * `answer(request, count)` says how to answer: `{ status, headers, body }`, or a promise of it, or nothing for an empty 200;
 * `count` is how many requests this path has had, this one included.
 */
export async function startReceiver(answer = () => undefined) {
  const requests = [];
  const counts = new Map();
  const server = createServer(async (incoming, outgoing) => {
    const chunks = [];
    for await (const chunk of incoming) {
      chunks.push(chunk);
    }

    const request = {
      method: incoming.method,
      path: incoming.url,
      headers: incoming.headers,
      rawHeaders: incoming.rawHeaders,
      id: incoming.headers['svix-id'],
      body: Buffer.concat(chunks).toString('utf8'),
    };
    const count = (counts.get(request.path) ?? 0) + 1;
    counts.set(request.path, count);
    requests.push(request);
    const { status = 200, headers = {}, body = '' } = (await answer(request, count)) ?? {};
    outgoing.writeHead(status, headers);
    outgoing.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();

  return {
    requests,
    url: (path = '/') => `http://127.0.0.1:${port}${path}`,
    /** Requests to one path, the oldest first. */
    at: (path) => requests.filter((request) => request.path === path),
    /** Closes it: from now on connections are refused. */
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
