// What one behaviour has for itself: an organization, clients of it, receivers.
import assert from 'node:assert/strict';
import { eventually } from './harness.mjs';
import { startReceiver } from './receiver.mjs';
import { applicationToken, newOrganization, organizationToken } from './tokens.mjs';

export function createBench({ sdk, baseUrl, secret, sharedToken }) {
  const organization = newOrganization();
  const token = organizationToken(organization, secret);
  const receivers = [];
  const connect = (bearer, options) => sdk.connect(bearer, { serverUrl: baseUrl, ...options });
  const svix = connect(token);

  return {
    sdk,
    baseUrl,
    secret,
    organization,
    token,
    sharedToken,
    /** The SDK with a token for all of this behaviour's organization. */
    svix,
    connect,
    /** The SDK as another organization. */
    foreign: () => connect(organizationToken(newOrganization(), secret)),
    /** The SDK as a customer with one application. */
    customer: (app, featureFlags) => connect(applicationToken(organization, app.id, secret, featureFlags)),

    application: (properties) => svix.application.create({ name: 'an application', ...properties }),

    /** A receiver that goes with the behaviour. */
    receiver: async (answer) => {
      const receiver = await startReceiver(answer);
      receivers.push(receiver);
      return receiver;
    },

    endpoint: (app, url, properties) => svix.endpoint.create(app.id, { url, ...properties }),

    publish: (app, message, options) => svix.message.create(app.id, { eventType: 'invoice.paid', payload: { number: 1 }, ...message }, options),

    eventTypes: (...names) => Promise.all(names.map((name) => svix.eventType.create({ name, description: name }))),

    /** Waits until the receiver has had so many requests, and returns them all. */
    received: async (receiver, count) => {
      await eventually(`the receiver has ${count} requests`, () => receiver.requests.length >= count);
      return receiver.requests;
    },

    /** Waits until a message has so many attempts, and returns them, the newest first. */
    attempts: async (app, message, count) => {
      const page = await eventually(`${message.id} has ${count} attempts`, async () => {
        const found = await svix.messageAttempt.listByMsg(app.id, message.id, { withContent: true });
        return found.data.length >= count && found;
      });
      assert.equal(page.data.length, count);
      return page.data;
    },

    /** Expects the SDK's own check to accept a delivery. */
    verify: (request, key) => {
      try {
        new sdk.Webhook(key).verify(request.body, request.headers);
      } catch (error) {
        // Version 1 parses the body once it has verified it; a raw payload need not be JSON.
        if (!(error instanceof SyntaxError)) {
          throw error;
        }
      }
    },

    /** A request without the SDK. `path` is what follows the server's address. */
    fetch: async (method, path, { body, headers, bearer = token } = {}) => {
      const response = await fetch(baseUrl + path, {
        method,
        redirect: 'manual',
        headers: { ...(bearer && { authorization: `Bearer ${bearer}` }), ...headers },
        body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        text,
        get json() {
          return JSON.parse(text);
        },
      };
    },

    close: () => Promise.all(receivers.map((receiver) => receiver.close())),
  };
}
