// The claims: what the study says, what you guess and get, and what many worlds say.

import { RUNNING } from 'explorer/act';
import { found } from 'explorer/effects';
import { start } from 'explorer/slices';
import { count, effect, judge, together } from 'explorer/words';
import { FIRST, finished } from 'explorer/worlds';

const LEAST_TOLD = 10; // seeds before an effect is told

/** Let the cards of the claims be guessed; `worldOf(name)` returns the changes of a world to try. */
export function claims(section, lab, told, worldOf) {
  const chosen = section.querySelector('[data-part=base]');
  const cards = [...section.querySelectorAll('[data-claim]')].map((card) => new Card(card, lab, told[card.dataset.claim], told.least, () => worldOf(chosen.value)));
  chosen.addEventListener('change', () => cards.forEach((card) => card.run()));
}

class Card {
  constructor(card, lab, claim, least, world) {
    Object.assign(this, { card, lab, claim, least, world });
    for (const button of card.querySelectorAll('[data-guess]')) {
      button.addEventListener('click', () => {
        card.querySelectorAll('[data-guess]').forEach((each) => each.setAttribute('aria-pressed', each === button));
        card.querySelector('[data-part=answer]').hidden = false;
        this.run();
      });
    }
  }

  run() {
    this.stop?.();
    if (this.card.querySelector('[data-part=answer]').hidden) return;
    for (const branch of Object.keys(this.claim)) {
      this.place(branch).textContent = RUNNING;
      this.place(branch).setAttribute('aria-busy', true); // told when it is done
    }
    this.stop = start(this.work(this.world()), () => 0);
  }

  place(branch) {
    return this.card.querySelector(`[data-branch="${branch}"]`);
  }

  * work(base) {
    for (const [branch, trials] of Object.entries(this.claim)) {
      const place = this.place(branch), effects = [], seeds = new Map(); // of each world that was run
      for (const trial of trials) {
        try {
          effects.push(yield* this.effectOf(trial, base, place));
        } catch (error) {
          place.textContent = `This world cannot be changed so: ${error.message}`;
          return;
        }
        for (const world of trial.worlds) seeds.set(JSON.stringify(world), this.seeds(trial));
      }
      const verdicts = effects.map((each, k) => judge(each, trials[k].materiality, this.least));
      const said = effects.map((each, k) => `${trials[k].label} ${effect(each, trials[k].unit)}`);
      const runs = [...seeds.values()].reduce((total, each) => total + each, 0);
      place.textContent = `${together(verdicts)}: ${said.join('; ')}. This rests on ${count(runs)} runs.`;
      place.setAttribute('aria-busy', false);
    }
  }

  /** A large base takes twice as many: its people are compared with those of two seeds. */
  seeds(trial) {
    return this.least * (trial.pooled ? 2 : 1);
  }

  * effectOf(trial, base, place) {
    const { worlds, label, unit } = trial, seeds = this.seeds(trial), all = count(seeds * worlds.length);
    const runs = worlds.map(() => []);
    for (let seed = 1; seed <= seeds; seed++) {
      for (const [k, world] of worlds.entries()) {
        runs[k].push((yield* finished(this.lab, { ...base, ...world }, FIRST + seed - 1)).outcome);
        yield;
      }
      const so = seed < LEAST_TOLD ? '' : `, so far ${effect(found(trial, runs), unit)}`;
      place.textContent = `${label}${so}: ${count(seed * worlds.length)} of ${all} runs are done …`;
    }
    return found(trial, runs);
  }
}
