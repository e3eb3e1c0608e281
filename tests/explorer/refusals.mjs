// Prints what the model says to each world of a list: refusals.mjs model.js model.wasm worlds.json
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [, , script, wasm, worlds] = process.argv;
const { loadModel } = await import(pathToFileURL(script));
const lab = await loadModel(readFileSync(wasm));
const answers = JSON.parse(readFileSync(worlds)).map(({ values, seed }) => {
  try {
    lab.world(values, seed).free();
    return '';
  } catch (error) {
    return error.message;
  }
});
console.log(JSON.stringify(answers));
