// The world of one's own: every lever, a link that keeps it, and the way to Python.

import { Act, RUNNING, later } from 'explorer/act';
import { create, setAttributes } from 'explorer/elements';
import { asHash, command, fromHash, isWorld, python, read } from 'explorer/link';
import { rangeOf } from 'explorer/numbers';
import { spread, tally } from 'explorer/words';
import { FIRST, SEEDS, ensemble } from 'explorer/worlds';

export class Own extends Act {
  constructor(section, lab, worlds) {
    super(section, lab, {});
    this.controls = []; // functions that show the value of each lever
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
    this.controls.forEach((show) => show());
    this.changed();
  }

  changed() {
    this.write();
    this.keep();
    if (!this.opened) return;
    this.clear();
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

  clear() {
    this.stop?.();
    this.parts.told.textContent = this.stage.world ? RUNNING : '';
  }

  * work() {
    if (!this.stage.world) return;
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
      const { group } = parameter, title = (group || 'time').replaceAll('_', ' ');
      if (!groups.has(group)) groups.set(group, create('details', {}, create('summary', {}, title)));
      groups.get(group).append(this.lever(parameter));
    }
    this.parts.levers.append(...groups.values());
  }

  lever(parameter) {
    const { name, label, unit, choices, low, high, ported } = parameter, id = `lever-${name}`;
    const title = label + (unit && !choices ? ` (${unit})` : '') + (ported ? '' : ', only in Python');
    const options = choices?.map((each) => new Option(each.replaceAll('_', ' '), each));
    const exact = options ? create('select', {}, ...options) : create('input', { inputmode: typeof parameter.default === 'number' ? 'decimal' : 'text' });
    setAttributes(exact, { id, 'data-name': name });
    exact.disabled = !ported;
    const row = create('div', { class: 'lever', 'data-words': `${name} ${label} ${parameter.group}`.toLowerCase() }, create('label', { for: id }, title), exact);
    let range = null;
    if (ported && !choices && Number.isFinite(low) && Number.isFinite(high)) {
      range = create('input', { type: 'range', min: low, max: high, step: rangeOf(parameter).step, 'aria-label': `${label}, by sliding` });
      range.addEventListener('input', () => set(range.value));
      row.append(range);
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
    this.controls.push(show);
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
