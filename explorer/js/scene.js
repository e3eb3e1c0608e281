// A scene: a text whose numbers change the world beside it, a guess, and what 31 worlds then show.

import { Act, RUNNING, later } from 'explorer/act';
import { bind } from 'explorer/numbers';
import { start } from 'explorer/slices';
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
    section.querySelector('[data-part=again]').addEventListener('click', () => {
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

  /** Run the other seeds, in slices, sooner if the scene is in view. */
  run() {
    this.clear();
    this.stop = start(this.work(), () => (this.central ? 0 : 1));
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
    const find = (name) => this.section.querySelector(`[data-part=${name}]`);
    this.parts = { slider: find('guess'), guessed: find('guessed'), see: find('see'), answer: find('answer'), told: find('told'), strip: find('strip') };
    const { slider, guessed, see } = this.parts;
    slider.max = this.mostGuessed;
    const show = () => { guessed.textContent = this.guessInWords(slider.value); };
    slider.addEventListener('input', show);
    show();
    this.prepareStrip();
    see.addEventListener('click', () => {
      this.guess = Number(slider.value);
      this.revealed = true;
      see.disabled = slider.disabled = true;
      this.parts.answer.hidden = false;
      this.show();
    });
  }

  /** A mark for each world; it, or the button, shows that world. */
  prepareStrip() {
    const { strip } = this.parts, next = this.section.querySelector('[data-part=next]');
    strip.replaceChildren(...Array.from({ length: SEEDS }, () => document.createElement('i')));
    const turnTo = (place) => {
      this.seed = FIRST + place;
      this.stage.set(this.values, this.seed);
      this.show();
    };
    strip.addEventListener('click', ({ target }) => target !== strip && turnTo([...strip.children].indexOf(target)));
    next.addEventListener('click', () => turnTo((this.seed - FIRST + 1) % SEEDS));
  }

  show() {
    if (!this.revealed) return;
    const { told: text, strip } = this.parts, outcomes = this.found.map((each) => each.outcome), { counted } = this.told;
    this.stage.haunt(this.found.filter((_, k) => FIRST + k !== this.seed).map((each) => each.lines));
    [...strip.children].forEach((mark, k) => {
      mark.className = k >= outcomes.length ? '' : outcomes[k][counted] ? 'yes' : 'no';
      mark.classList.toggle('shown', FIRST + k === this.seed);
    });
    strip.dataset.done = outcomes.length;
    if (!this.complete) {
      text.textContent = RUNNING;
      return;
    }
    const k = outcomes.filter((each) => each[counted]).length;
    const said = [tally(outcomes, counted), compared(this.guess, k), spread(outcomes)];
    if (this.beside) said.push(`For comparison, “${this.beside.title}”: ${tally(this.beside.found.map((each) => each.outcome), counted)}`);
    text.textContent = said.filter(Boolean).join(' ');
  }
}
