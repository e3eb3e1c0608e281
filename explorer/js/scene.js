// A scene: a text whose numbers change the world beside it, a guess, and what 31 worlds then show.

import { Act, RUNNING, later } from 'explorer/act';
import { create } from 'explorer/elements';
import { bind } from 'explorer/numbers';
import { compared, spread, tally } from 'explorer/words';
import { FIRST, SEEDS, ensemble } from 'explorer/worlds';

export class Scene extends Act {
  constructor(section, lab, told, others) {
    super(section, lab, told.world);
    this.told = told;
    this.others = others; // the scenes as they are told, by name
    this.found = [];
    this.guess = null;
    this.revealed = false;
    const again = later(() => this.run());
    const show = bind(section, lab, this.values, () => {
      this.change();
      again();
    });
    this.parts.again.addEventListener('click', () => {
      Object.assign(this.values, lab.complete(told.world));
      show();
      this.change();
      again();
    });
    this.prepareGuess();
  }

  change() {
    if (this.changing) return;
    this.changing = true;
    this.clear();
    requestAnimationFrame(() => {
      this.changing = false;
      this.stage.set(this.values, this.seed);
    });
  }

  /** Forget what another world came to. */
  clear() {
    this.stop?.();
    this.found = [];
    this.beside = null;
    this.complete = false;
    this.show();
  }

  * work() {
    yield* ensemble(this.lab, this.changes, (found) => {
      this.found = found;
      if (found.length % 5 === 1) this.show();
    });
    const other = this.others[this.told.beside];
    if (other) this.beside = { title: other.title, found: yield* ensemble(this.lab, other.world) };
    this.complete = true;
    this.show();
  }

  get mostGuessed() {
    return SEEDS;
  }

  guessInWords(many) {
    return `${many} of ${SEEDS}`;
  }

  prepareGuess() {
    const { guess: slider, guessed, see, answer } = this.parts;
    slider.max = this.mostGuessed;
    const show = () => { guessed.textContent = this.guessInWords(slider.value); };
    slider.addEventListener('input', show);
    show();
    this.prepareStrip();
    see.addEventListener('click', () => {
      this.guess = Number(slider.value);
      this.revealed = true;
      see.disabled = slider.disabled = true;
      answer.hidden = false;
      this.show();
    });
  }

  /** Show what is known so far, once it was guessed. */
  show() {
    if (!this.revealed) return;
    this.showStrip();
    this.parts.strip.dataset.done = this.found.length;
    this.parts.told.textContent = this.complete ? this.answer() : RUNNING;
  }

  /** A mark for each world; it, or the button, shows that world. */
  prepareStrip() {
    const { strip, next } = this.parts;
    strip.replaceChildren(...Array.from({ length: SEEDS }, () => create('i')));
    const turnTo = (place) => {
      this.seed = FIRST + place;
      this.stage.set(this.values, this.seed);
      this.show();
    };
    strip.addEventListener('click', ({ target }) => target !== strip && turnTo([...strip.children].indexOf(target)));
    next.addEventListener('click', () => turnTo((this.seed - FIRST + 1) % SEEDS));
  }

  showStrip() {
    this.stage.haunt(this.found.filter((_, k) => FIRST + k !== this.seed).map((each) => each.lines));
    [...this.parts.strip.children].forEach((mark, k) => {
      mark.className = k >= this.found.length ? '' : this.found[k].outcome[this.told.counted] ? 'yes' : 'no';
      mark.classList.toggle('shown', FIRST + k === this.seed);
    });
  }

  answer() {
    const outcomes = this.found.map((each) => each.outcome), { counted } = this.told;
    const k = outcomes.filter((each) => each[counted]).length;
    const said = [tally(outcomes, counted), compared(this.guess, k), spread(outcomes)];
    if (this.beside) said.push(`For comparison, “${this.beside.title}”: ${tally(this.beside.found.map((each) => each.outcome), counted)}`);
    return said.filter(Boolean).join(' ');
  }
}
