// Runs worlds in Node: run_worlds.mjs model.js model.wasm worlds.json tables.bin
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [, , script, wasm, worlds, tables] = process.argv;
const { loadModel } = await import(pathToFileURL(script));
const lab = await loadModel(readFileSync(wasm));
const found = [];
for (const { values, seed } of JSON.parse(readFileSync(worlds))) {
  const world = lab.world(values, seed);
  world.run();
  for (const column of lab.columns) found.push(...world.weekly(column));
  world.free();
}
writeFileSync(tables, new Uint8Array(new Float64Array(found).buffer));
