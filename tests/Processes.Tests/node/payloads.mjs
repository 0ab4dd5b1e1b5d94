// Prints every example payload of @octokit/webhooks-examples, one JSON object {set, event, body} a line.

import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = dirname(createRequire(import.meta.url).resolve('@octokit/webhooks-examples/package.json'));
const sets = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

for (const set of sets) {
  for (const { name, examples } of JSON.parse(readFileSync(join(root, set, 'index.json'), 'utf8'))) {
    for (const example of examples) {
      process.stdout.write(JSON.stringify({ set, event: name, body: JSON.stringify(example) }) + '\n');
    }
  }
}
