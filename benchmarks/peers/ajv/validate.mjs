// Validates lines of JSON against a schema with ajv: node validate.mjs FOLDER-OF-NODE-MODULES SCHEMA LINES
// The schema is compiled before the clock starts; all faults of a case are listed. Prints one line of JSON, with the processor time.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [folder, schema, lines] = process.argv.slice(2);
const require = createRequire(`${folder}/package.json`);
const Ajv = require("ajv/dist/2020").default;
const ajv = new Ajv({ allErrors: true, strict: false });
require("ajv-formats").default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(schema, "utf8")));
const raw = readFileSync(lines, "utf8").trimEnd().split("\n");

let invalid = 0;
const start = process.cpuUsage();
for (const one of raw) {
  if (!validate(JSON.parse(one))) invalid += 1;
}
const used = process.cpuUsage(start);
const seconds = (used.user + used.system) / 1e6;
console.log(JSON.stringify({ cases: raw.length, seconds, invalid }));
