// The world of one's own: every lever, a link that keeps it, and the way to Python.

import { Act, RUNNING, later } from 'explorer/act';
import { asHash, command, fromHash, isWorld, python, read } from 'explorer/link';
import { rangeOf } from 'explorer/numbers';
import { start } from 'explorer/slices';
import { spread, tally } from 'explorer/words';
import { FIRST, SEEDS, ensemble } from 'explorer/worlds';

export class Own extends Act {
  constructor(section, lab, worlds) {
    super(section, lab, {});
    this.controls = new Map();
    const find = (name) => section.querySelector(`[data-part=${name}]`);
    this.parts = Object.fromEntries(['levers', 'search', 'found', 'seed', 'from', 'link', 'command', 'python', 'told', 'wrong'].map((name) => [name, find(name)]));
    this.again = later(() => this.run());
    this.keep = later(() => history.replaceState(null, '', `#${asHash(this.changes, this.seed)}`));
    this.buildLevers();
    this.parts.search.addEventListener('input', () => this.filter());
    this.parts.from.addEventListener('change', () => this.take(worlds[this.parts.from.value]?.world ?? {}, this.seed));
    this.parts.seed.addEventListener('change', () => {
      const seed = Math.round(Number(this.parts.seed.value));
      this.seed = Number.isFinite(seed) ? Math.min(Math.max(seed, 0), 999999999) : FIRST;
      this.changed();
    });
    for (const button of section.querySelectorAll('[data-copies]')) {
      button.addEventListener('click', () => copy(this.parts[button.dataset.copies], button));
    }
    window.addEventListener('hashchange', () => this.readLink());
    this.write();
  }

  /** Take the world of the link, if it holds one; say what is wrong with it otherwise. */
  readLink() {
    const hash = location.hash.slice(1);
    if (!isWorld(hash)) return false;
    try {
      const { changes, seed } = fromHash(this.lab, hash);
      this.lab.world(changes, seed ?? FIRST).free();
      this.parts.wrong.textContent = '';
      this.parts.from.value = '';
      this.take(changes, seed ?? FIRST);
    } catch (error) {
      this.parts.wrong.textContent = `The link holds no world: ${error.message}.`;
    }
    return true;
  }

  take(changes, seed) {
    Object.assign(this.values, this.lab.complete(changes));
    this.seed = seed;
    for (const show of this.controls.values()) show();
    this.changed();
  }

  changed() {
    this.write();
    this.keep();
    if (!this.opened) return;
    this.stop?.();
    this.parts.told.textContent = RUNNING;
    this.stage.haunt([]);
    this.stage.set(this.values, this.seed);
    this.again();
  }

  write() {
    this.parts.seed.value = this.seed;
    this.parts.link.value = `${location.href.split('#')[0]}#${asHash(this.changes, this.seed)}`;
    this.parts.command.value = command(this.changes, this.seed);
    this.parts.python.value = python(this.changes, this.seed);
    this.parts.python.rows = this.parts.python.value.split('\n').length;
  }

  run() {
    this.stop?.();
    if (!this.stage.world) {
      this.parts.told.textContent = '';
      return;
    }
    this.stop = start(this.work(), () => (this.central ? 0 : 1));
  }

  * work() {
    const found = yield* ensemble(this.lab, this.changes, (all) => {
      if (all.length % 5 === 1) this.stage.haunt(all.slice(1).map((each) => each.lines));
      this.parts.told.textContent = `${all.length} of ${SEEDS} worlds are run …`;
    }, SEEDS, this.seed);
    this.stage.haunt(found.slice(1).map((each) => each.lines));
    const outcomes = found.map((each) => each.outcome);
    const converted = outcomes.some((each) => each.converted) ? ` ${tally(outcomes, 'converted')}` : '';
    this.parts.told.textContent = `${tally(outcomes, 'emerged')}${converted} ${spread(outcomes)}`;
  }

  buildLevers() {
    const groups = new Map();
    for (const parameter of this.lab.parameters) {
      if (!groups.has(parameter.group)) groups.set(parameter.group, []);
      groups.get(parameter.group).push(parameter);
    }
    for (const [name, parameters] of groups) {
      const group = document.createElement('details'), title = document.createElement('summary');
      title.textContent = (name || 'time').replaceAll('_', ' ');
      group.append(title, ...parameters.map((each) => this.lever(each)));
      this.parts.levers.append(group);
    }
  }

  lever(parameter) {
    const { name, label, unit, choices, low, high } = parameter;
    const row = document.createElement('div'), text = document.createElement('label');
    row.className = 'lever';
    row.dataset.words = `${name} ${label} ${parameter.group}`.toLowerCase();
    const exact = document.createElement(choices ? 'select' : 'input');
    exact.id = `lever-${name}`;
    exact.dataset.name = name;
    text.htmlFor = exact.id;
    text.textContent = label + (unit && !choices ? ` (${unit})` : '');
    row.append(text, exact);
    if (!parameter.ported) text.textContent += ', only in Python';
    exact.disabled = !parameter.ported;
    if (choices) for (const each of choices) exact.add(new Option(each.replaceAll('_', ' '), each));
    else exact.inputMode = typeof parameter.default === 'number' ? 'decimal' : 'text';
    const ranges = parameter.ported && !choices && Number.isFinite(low) && Number.isFinite(high);
    const range = ranges ? Object.assign(document.createElement('input'), { type: 'range', min: low, max: high, step: rangeOf(parameter).step }) : null;
    if (range) {
      range.setAttribute('aria-label', `${label}, by sliding`);
      row.append(range);
      range.addEventListener('input', () => set(range.value));
    }
    const set = (written) => {
      try {
        const value = read(parameter, written);
        this.values[name] = value;
        exact.setCustomValidity('');
        exact.removeAttribute('aria-invalid');
        this.parts.from.value = '';
        show();
        this.changed();
      } catch (error) {
        exact.setCustomValidity(error.message);
        exact.setAttribute('aria-invalid', 'true');
        exact.reportValidity();
      }
    };
    const show = () => {
      exact.value = this.values[name];
      if (range) range.value = this.values[name];
      row.classList.toggle('set', this.values[name] !== parameter.default);
    };
    exact.addEventListener('change', () => set(exact.value));
    this.controls.set(name, show);
    show();
    return row;
  }

  filter() {
    const wanted = this.parts.search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    let many = 0;
    for (const group of this.parts.levers.children) {
      let here = 0;
      for (const row of group.querySelectorAll('.lever')) {
        row.hidden = !wanted.every((word) => row.dataset.words.includes(word));
        if (!row.hidden) here += 1;
      }
      group.hidden = !here;
      group.open = wanted.length > 0 && here > 0;
      many += here;
    }
    this.parts.found.textContent = wanted.length ? `${many} found` : '';
  }
}

async function copy(field, button) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand('copy');
  }
  const { textContent } = button;
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = textContent; }, 1500);
}
