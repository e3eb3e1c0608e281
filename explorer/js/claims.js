// The claims: what the study says, what you guess and get, and what many worlds say.

import { compare } from 'explorer/effects';
import { RUNNING } from 'explorer/scene';
import { start } from 'explorer/slices';
import { effect, judge, together } from 'explorer/words';
import { ensemble } from 'explorer/worlds';

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
    for (const [branch, trials] of Object.entries(this.claim)) if (trials.length) this.place(branch).textContent = RUNNING;
    this.stop = start(this.work(), () => 0);
  }

  place(branch) {
    return this.card.querySelector(`[data-branch="${branch}"]`);
  }

  * work() {
    for (const [branch, trials] of Object.entries(this.claim)) {
      const place = this.place(branch), effects = [];
      for (const trial of trials) {
        try {
          effects.push(yield* this.effectOf(trial, place));
        } catch (error) {
          place.textContent = `This world cannot be changed so: ${error.message}`;
          return;
        }
      }
      if (!trials.length) continue;
      const verdicts = effects.map((each, k) => judge(each, trials[k].materiality, this.least));
      const said = effects.map((each, k) => `${trials[k].label} ${effect(each, trials[k].unit)}`);
      place.textContent = `${together(verdicts)}: ${said.join('; ')}.`;
    }
  }

  * effectOf(trial, place) {
    const seeds = this.least * (trial.pooled ? 2 : 1), outcomes = {};
    for (const side of ['on', 'off']) {
      const changes = { ...this.world(), ...trial[side] };
      const found = yield* ensemble(this.lab, changes, (all) => {
        place.textContent = `${trial.label}: ${all.length + (side === 'off' ? seeds : 0)} of ${2 * seeds} worlds are run …`;
      }, seeds);
      outcomes[side] = found.map(({ outcome }) => (trial.unconverted && side === 'on' && outcome.converted ? NaN : outcome[trial.outcome]));
    }
    return compare(outcomes.on, outcomes.off, trial);
  }
}
