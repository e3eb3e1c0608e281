// Numbers in sentences that can be dragged, and changed by keyboard; choices in sentences.

import { setAttributes } from 'explorer/elements';
import { inWords } from 'explorer/words';

const FAR = 180; // pixels from the lowest value to the highest

/** The range over which a number is dragged, and its step. */
export function rangeOf(parameter, given = '') {
  const [low, high] = given ? given.split(',').map(Number) : [parameter.low, parameter.high];
  const fine = 10 ** Math.floor(Math.log10((high - low) / 20));
  return { low, high, step: parameter.whole ? Math.max(1, fine) : fine };
}

/** Let the numbers and choices of a text change `values`; `changed` is called after each change. */
export function bind(root, lab, values, changed) {
  const shown = [...root.querySelectorAll('[data-parameter]')].map((element) => {
    const control = element.tagName === 'SELECT' ? choice : number;
    return control(element, lab.parameter(element.dataset.parameter), values, changed);
  });
  return () => shown.forEach((show) => show());
}

function choice(element, parameter, values, changed) {
  element.setAttribute('aria-label', parameter.label);
  const show = () => { element.value = values[parameter.name]; };
  element.addEventListener('change', () => {
    values[parameter.name] = element.value;
    changed(parameter.name);
  });
  show();
  return show;
}

function number(element, parameter, values, changed) {
  const { low, high, step } = rangeOf(parameter, element.dataset.range), form = element.dataset.form;
  setAttributes(element, {
    role: 'slider', tabindex: 0, 'aria-label': parameter.label, 'aria-valuemin': low, 'aria-valuemax': high, 'aria-orientation': 'horizontal',
    title: 'Drag to the left or right, or use the arrow keys',
  });
  const show = () => {
    const text = inWords(values[parameter.name], step, form);
    element.textContent = text;
    const unit = parameter.unit && form !== '%' ? ` ${parameter.unit}` : '';
    setAttributes(element, { 'aria-valuenow': values[parameter.name], 'aria-valuetext': text + unit });
  };
  const set = (value) => {
    const steps = Math.round((Math.min(Math.max(value, low), high) - low) / step);
    const next = Number((low + steps * step).toPrecision(9));
    if (next === values[parameter.name]) return;
    values[parameter.name] = next;
    show();
    changed(parameter.name);
  };
  let from = null; // where a drag began: the pointer, and the value
  element.addEventListener('pointerdown', (event) => {
    element.setPointerCapture(event.pointerId);
    element.focus();
    from = { x: event.clientX, value: values[parameter.name] };
    event.preventDefault();
  });
  element.addEventListener('pointermove', (event) => {
    if (from) set(from.value + ((event.clientX - from.x) / FAR) * (high - low));
  });
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture']) element.addEventListener(end, () => { from = null; });
  element.addEventListener('keydown', (event) => {
    const value = values[parameter.name], large = Math.max(step, (high - low) / 10);
    const next = { ArrowLeft: value - step, ArrowDown: value - step, ArrowRight: value + step, ArrowUp: value + step, PageDown: value - large, PageUp: value + large, Home: low, End: high }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    set(next);
  });
  show();
  return show;
}
