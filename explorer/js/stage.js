// A stage: the crowd and the lines of one world, that plays, and starts again when it is changed.

import * as crowd from 'explorer/crowd';
import { parts } from 'explorer/elements';
import * as lines from 'explorer/lines';
import { differences } from 'explorer/link';
import { count, standing } from 'explorer/words';
import { linesOf } from 'explorer/worlds';

const PLAYED_IN = 7000; // milliseconds
const FRAME = 14; // milliseconds that a world may run before it is drawn
const STEP = 13; // weeks
const still = matchMedia('(prefers-reduced-motion: reduce)');

export class Stage {
  /** `figure` is the element; nothing runs until `set`. */
  constructor(figure, lab) {
    this.lab = lab;
    this.ghosts = [];
    this.week = this.goal = 0; // that is shown; that is run to
    this.parts = parts(figure);
    const { play, week } = this.parts;
    play.addEventListener('click', () => (this.playing ? this.pause() : this.play()));
    week.addEventListener('input', () => {
      this.pause();
      this.go(Number(week.value));
    });
    this.sizes = new ResizeObserver(() => this.resize());
    for (const canvas of [this.parts.crowd, this.parts.lines]) this.sizes.observe(canvas);
  }

  /** Show another world. A finished one is run to its end again, another one to the week reached. */
  set(values, seed) {
    const ended = this.world && this.goal >= this.values.horizon;
    this.values = { ...values };
    this.seed = seed;
    this.restart();
    this.go(ended ? values.horizon : Math.min(this.goal, values.horizon));
  }

  restart() {
    this.world?.free();
    this.world = null;
    this.reached = 0;
    try {
      this.world = this.lab.world(differences(this.lab, this.values), this.seed);
      this.parts.problem.textContent = '';
    } catch (error) {
      this.pause();
      this.parts.problem.textContent = error.message;
    }
  }

  /** Run to a week, frame by frame if that takes long; `patience` is how long a frame may take. */
  go(week, patience = FRAME) {
    if (this.world && week < this.reached) this.restart();
    this.goal = week;
    this.advance(patience);
  }

  advance(patience) {
    if (!this.world) return;
    const end = performance.now() + patience;
    do {
      this.reached = Math.min(this.reached + STEP, this.goal);
      this.world.run(this.reached);
    } while (this.reached < this.goal && performance.now() < end);
    this.week = this.reached;
    this.draw();
    if (this.reached === this.goal || this.advancing) return;
    this.advancing = true;
    requestAnimationFrame(() => {
      this.advancing = false;
      this.advance(FRAME);
    });
  }

  /** Play on, or from the beginning if it has ended; at once to the end for who wants no motion. */
  play(motion = true) {
    if (!this.world) return;
    if (!motion && still.matches) {
      this.go(this.values.horizon);
      return;
    }
    if (this.goal >= this.values.horizon) this.go(0);
    this.playing = true;
    this.label();
    let last = performance.now(), exact = this.week;
    const turn = (now) => {
      if (!this.playing) return;
      exact += (Math.min(now - last, 100) / PLAYED_IN) * this.values.horizon;
      last = now;
      this.go(Math.min(Math.floor(exact), this.values.horizon));
      if (this.week >= this.values.horizon) this.pause();
      else requestAnimationFrame(turn);
    };
    requestAnimationFrame(turn);
  }

  pause() {
    this.playing = false;
    this.label();
    this.describe();
  }

  label() {
    this.parts.play.textContent = this.playing ? 'Pause' : 'Play';
  }

  /** Show the lines of other seeds behind those of this one. */
  haunt(ghosts) {
    this.ghosts = ghosts;
    this.draw();
  }

  resize() {
    const dots = window.devicePixelRatio || 1;
    for (const canvas of [this.parts.crowd, this.parts.lines]) {
      canvas.width = Math.round(canvas.clientWidth * dots);
      canvas.height = Math.round(canvas.clientHeight * dots);
      canvas.dots = dots;
    }
    this.placed = null;
    this.draw();
  }

  draw() {
    if (!this.world || this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.drawNow();
    });
  }

  drawNow() {
    if (!this.world || !this.parts.crowd.width) return;
    const { values, week } = this, users = values['users.count'], shown = linesOf(this.world, users);
    crowd.draw(this.parts.crowd, this.places(users), this.world.status(), this.world.signed());
    const launch = values['movement.origin'] === 'given' ? values['movement.launch_week'] : -1;
    const needed = values['emergence.organisers'] + values['movement.organisers'];
    lines.draw(this.parts.lines, { lines: shown, ghosts: this.ghosts, week, horizon: values.horizon, needed, launch });
    this.parts.week.max = values.horizon;
    this.parts.week.value = week;
    this.parts.reached.textContent = `week ${week}`;
    this.parts.week.setAttribute('aria-valuetext', `week ${week}`);
    const at = { organisers: shown.organisers[week], signatures: shown.signatures[week] };
    const outcome = week >= values.horizon ? this.world.outcome() : null;
    [this.parts.title.textContent, this.parts.text.textContent] = standing(week, values.horizon, at, outcome, values);
    this.parts.crowd.dataset.week = week;
    if (!this.playing) this.describe();
  }

  /** The places of the users; the ties follow from the network's parameters and the seed. */
  places(users) {
    const ties = JSON.stringify([this.seed, ...this.lab.parameters.filter(({ name }) => /^(network\.|users\.count)/.test(name)).map(({ name }) => this.values[name])]);
    if (ties !== this.ties) {
      this.ties = ties;
      this.groups = crowd.communities(this.world.network());
      this.placed = null;
    }
    const { clientWidth: width, clientHeight: height } = this.parts.crowd;
    this.placed ??= crowd.places(this.groups, users, width, height);
    return this.placed;
  }

  /** Say in words what the pictures show, once they rest. */
  describe() {
    if (!this.world) return;
    const status = this.world.status(), signed = this.world.signed(), of = (wanted) => count(status.filter((each) => each === wanted).length);
    this.parts.crowd.setAttribute('aria-label', `The crowd in week ${this.week}: ${count(status.length)} simulated users in communities; ${count(status.filter((each, user) => each === 0 && signed[user]).length)} signed without taking part, ${of(1)} support, ${of(2)} organise, ${of(3)} went to a rival, ${of(4)} to the cooperative.`);
    const shown = linesOf(this.world, this.values['users.count']), level = (name) => shown[name][this.week].toFixed(2);
    this.parts.lines.setAttribute('aria-label', `Lines over time, in week ${this.week}: ${count(shown.organisers[this.week])} people organise, ${count(shown.signatures[this.week])} signatures, distress ${level('distress')}, dissatisfaction ${level('dissatisfaction')}, threat ${level('threat')}.`);
  }
}
