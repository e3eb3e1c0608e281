// Starts the page: loads the model that the file holds, and opens each scene when it is looked at.

import { loadModel } from 'explorer/model';
import { claims } from 'explorer/claims';
import { Launches } from 'explorer/launches';
import { differences } from 'explorer/link';
import { Own } from 'explorer/own';
import { Scene } from 'explorer/scene';

const KINDS = { worlds: Scene, weeks: Launches };
const page = document.documentElement;

async function begin() {
  const told = JSON.parse(document.getElementById('told').textContent);
  const text = atob(document.getElementById('model').textContent);
  const model = await loadModel(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
  const usual = Object.fromEntries(model.parameters.map((each) => [each.name, each.default]));
  const lab = {
    parameters: model.parameters,
    parameter: (name) => model.parameters.find((each) => each.name === name),
    complete: (changes) => ({ ...usual, ...changes }),
    world: (changes, seed) => model.world(changes, seed),
  };
  page.classList.add('running');
  const acts = new Map();
  for (const section of document.querySelectorAll('[data-scene]')) {
    const scene = told.scenes[section.dataset.scene];
    acts.set(section, new KINDS[scene.kind](section, lab, scene, told.scenes));
  }
  const free = document.getElementById('own'), own = new Own(free, lab, told.scenes);
  acts.set(free, own);
  claims(document.getElementById('claims'), lab, told.claims, (name) => (name === 'own' ? differences(lab, own.values) : told.scenes[name]?.world ?? {}));
  const watch = (margin, told) => {
    const observer = new IntersectionObserver((entries) => entries.forEach((each) => told(acts.get(each.target), each.isIntersecting)), { rootMargin: margin });
    for (const section of acts.keys()) observer.observe(section);
  };
  watch('60px', (act, seen) => (seen ? act.open() : act.stage.pause()));
  watch('-45% 0px -45% 0px', (act, seen) => { act.central = seen; });
  if (own.readLink()) free.scrollIntoView();
  const redraw = () => { for (const { stage } of acts.values()) stage.drawNow(); };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  window.addEventListener('beforeprint', () => { // on white, whatever the screen is
    page.classList.add('printed');
    for (const act of acts.values()) {
      act.open();
      act.stage.pause();
      act.stage.go(act.values.horizon, Infinity);
    }
    redraw();
  });
  window.addEventListener('afterprint', () => {
    page.classList.remove('printed');
    redraw();
  });
}

begin().catch((error) => {
  console.error(error);
  page.classList.add('failed');
  document.getElementById('failure').textContent = `The model does not run in this browser (${error.message}).`;
});
