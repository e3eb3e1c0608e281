// The scene of the weeks of launch: the same world, launched in each of several weeks.

import { bestAndWorst, log } from 'explorer/effects';
import { create } from 'explorer/elements';
import { Scene } from 'explorer/scene';
import { effect } from 'explorer/words';
import { SEEDS, ensemble } from 'explorer/worlds';

const FOLLOWED = 104; // weeks, of each launch
const TO_MEETING = 34; // weeks from each launch to the next annual meeting

export class Launches extends Scene {
  * work() {
    for (const week of this.told.weeks) {
      const changes = {
        ...this.changes, 'movement.launch_week': week, 'vote.first_meeting': ((week + TO_MEETING - 1) % 52) + 1, horizon: week + FOLLOWED,
      };
      this.found.push({ week, worlds: yield* ensemble(this.lab, changes) });
      this.show();
    }
    this.complete = true;
    this.show();
  }

  get mostGuessed() {
    return this.told.weeks.length - 1;
  }

  guessInWords(place) {
    return `week ${this.told.weeks[place]}`;
  }

  prepareStrip() {
    this.parts.strip.replaceChildren(...this.told.weeks.map((week) => create('span', {}, create('b'), create('i'), `${week}`)));
  }

  showStrip() {
    [...this.parts.strip.children].forEach((bar, place) => {
      const found = this.found[place], many = found ? emerged(found.worlds) : 0;
      bar.querySelector('b').textContent = found ? many : '';
      bar.style.setProperty('--part', many / SEEDS);
      bar.classList.toggle('mine', place === this.guess);
    });
  }

  answer() {
    const mine = this.found[this.guess], organised = this.found.map(({ worlds }) => worlds.map((each) => log(each.outcome.peak_organisers)));
    const { best, worst, compared } = bestAndWorst(organised);
    const rank = 1 + this.found.filter((each) => emerged(each.worlds) > emerged(mine.worlds)).length;
    const chance = compared.low > 0 ? 'That is more than luck.' : 'That may be luck.';
    return `Each bar: the worlds of ${SEEDS} in which a movement emerges within two years of the launch. `
      + `Yours, week ${mine.week}: ${emerged(mine.worlds)}, rank ${rank} of ${this.found.length}. `
      + `By one half of the seeds, week ${this.told.weeks[best]} is the best and week ${this.told.weeks[worst]} the worst. In the other half, ${effect(compared, 'factor')} `
      + `as many people organise at most after the best as after the worst. ${chance}`;
  }
}

const emerged = (worlds) => worlds.filter((each) => each.outcome.emerged).length;
