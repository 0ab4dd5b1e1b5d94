// The two generations of the SDK under one set of names: those of version 2. Behaviours are written once against these.

/** Loads the package by its name here: `svix` (2.x) or `svix1` (1.x). */
export async function load(name) {
  const module = await import(name);
  // 1.x is CommonJS, whose exports node cannot always tell by name.
  const library = module.Svix ? module : module.default;
  return {
    name,
    isOld: name === 'svix1',
    Webhook: library.Webhook,
    messageInRaw: library.messageInRaw,
    connect: (token, options) => {
      const client = new library.Svix(token, options);
      return name === 'svix1' ? ofVersionOne(client) : client;
    },
  };
}

// 1.x calls the list of event types that an endpoint wants filterTypes.
const toOld = ({ eventTypes, ...rest }) => (eventTypes === undefined ? rest : { ...rest, filterTypes: eventTypes });
const toNew = ({ filterTypes, ...rest }) => ({ ...rest, eventTypes: filterTypes });
const pageToNew = (page) => ({ ...page, data: page.data.map(toNew) });

function ofVersionOne(client) {
  return {
    authentication: client.authentication,
    health: client.health,
    backgroundTask: client.backgroundTask,
    application: renamed(client.application, { upsert: 'update' }),
    eventType: renamed(client.eventType, { upsert: 'update' }),
    message: client.message,
    endpoint: renamed(client.endpoint, { setHeaders: 'headersUpdate', patchHeaders: 'headersPatch' }, {
      list: async (...given) => pageToNew(await client.endpoint.list(...given)),
      get: async (...given) => toNew(await client.endpoint.get(...given)),
      create: async (app, body, options) => toNew(await client.endpoint.create(app, toOld(body), options)),
      upsert: async (app, id, body) => toNew(await client.endpoint.update(app, id, toOld(body))),
      patch: async (app, id, body) => toNew(await client.endpoint.patch(app, id, toOld(body))),
    }),
    messageAttempt: renamed(client.messageAttempt, {}, {
      listAttemptedDestinations: async (...given) => pageToNew(await client.messageAttempt.listAttemptedDestinations(...given)),
    }),
  };
}

/** A resource of the SDK under other names, some of its methods replaced. */
function renamed(resource, names, replaced = {}) {
  return new Proxy(resource, {
    get(target, name) {
      const member = replaced[name] ?? target[names[name] ?? name];
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
