// Runs every behaviour with one SDK against one server; one line of JSON for each on standard output.
import { readdir } from 'node:fs/promises';
import { createBench } from './bench.mjs';
import { behaviours, collectInto, describe } from './harness.mjs';
import { load } from './sdk.mjs';

const AtATime = 4;
const Deadline = 60_000;

const { BASE_URL: baseUrl, TOKEN: sharedToken, JWT_SECRET: secret, SDK: name = 'svix', ONLY: wanted = '' } = process.env;
const sdk = await load(name);

const folder = new URL('./behaviours/', import.meta.url);
for (const file of (await readdir(folder)).filter((entry) => entry.endsWith('.mjs')).sort()) {
  collectInto(file.slice(0, -'.mjs'.length));
  await import(new URL(file, folder));
}

const due = behaviours()
  .filter(({ only }) => only === undefined || only === name)
  // For work on one of them: a part of its name or group.
  .filter((one) => `${one.group}: ${one.name}`.includes(wanted));

await Promise.all(Array.from({ length: AtATime }, async () => {
  for (let next = due.shift(); next !== undefined; next = due.shift()) {
    console.log(JSON.stringify(await result(next)));
  }
}));

// A behaviour that ran into its deadline may have left something running.
process.exit(0);

async function result({ group, name: sentence, run }) {
  const bench = createBench({ sdk, baseUrl, secret, sharedToken });
  const started = performance.now();
  let error = null;
  let timer;
  try {
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`It did not end within ${Deadline / 1000} s.`)), Deadline);
    });
    await Promise.race([run(bench), late]);
  } catch (fault) {
    error = describe(fault);
  } finally {
    clearTimeout(timer);
    await bench.close();
  }

  return { group, name: sentence, ok: error === null, error, ms: Math.round(performance.now() - started) };
}
