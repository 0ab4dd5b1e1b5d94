// Collects behaviours, and holds what many of them need.
import assert from 'node:assert/strict';

const Interval = 25;
const Patience = 20_000;

const collected = [];
let group;

/** Says which group the behaviours declared from now on belong to. */
export const collectInto = (name) => { group = name; };

/** Everything declared so far. */
export const behaviours = () => collected;

/** Declares something that a user of the API sees. `only`: the SDK that can do it, if not both. */
export function behaviour(name, run, { only } = {}) {
  collected.push({ group, name, run, only });
}

/** Polls until the condition holds, and returns what it returned. An error counts as not yet. */
export async function eventually(what, condition, patience = Patience) {
  const end = Date.now() + patience;
  let last;
  while (true) {
    try {
      last = await condition();
      if (last) {
        return last;
      }
    } catch (error) {
      last = error;
    }

    if (Date.now() > end) {
      throw new Error(`Waited ${patience / 1000} s until ${what}${last instanceof Error ? `; last: ${describe(last)}` : ''}`);
    }

    await new Promise((resolve) => setTimeout(resolve, Interval));
  }
}

/** Expects an SDK call to be refused, by its status (or one of several) and its code if one is given; returns the body of the answer. */
export async function refused(call, status, code) {
  let result;
  try {
    result = await call;
  } catch (error) {
    // Neither SDK says in its types how to tell its exception from others but by these.
    if (typeof error.code !== 'number' || error.body === undefined) {
      throw error;
    }

    assert.ok([status].flat().includes(error.code), `refused with ${error.code}, not ${status}: ${JSON.stringify(error.body)}`);
    if (code !== undefined) {
      assert.equal(error.body.code, code);
    }

    return error.body;
  }

  return assert.fail(`expected ${status}, but the call succeeded: ${JSON.stringify(result)}`);
}

/** Expects 422 with one fault at this place. */
export async function invalid(call, ...loc) {
  const body = await refused(call, 422);
  assert.ok(Array.isArray(body.detail) && body.detail.length > 0, `no detail array: ${JSON.stringify(body)}`);
  for (const { loc: place, msg, type } of body.detail) {
    assert.ok(Array.isArray(place) && typeof msg === 'string' && typeof type === 'string', JSON.stringify(body));
  }

  if (loc.length > 0) {
    assert.deepEqual(body.detail.map((fault) => fault.loc.join('/')), [loc.join('/')]);
  }

  return body.detail;
}

/** An error in one text, with the answer of the server when there is one. */
export function describe(error) {
  if (typeof error?.code === 'number' && error.body !== undefined) {
    return `the server answered ${error.code}: ${JSON.stringify(error.body)}\n${error.stack}`;
  }

  return error?.stack ?? String(error);
}
