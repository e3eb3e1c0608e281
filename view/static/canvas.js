// What the canvases of the live page have in common.

const COLOURS = [
  'paper', 'ink', 'muted', 'faint', 'blue', 'vermilion', 'green', 'purple', 'orange', 'bystander', 'aware', 'signed',
  'supporter', 'organiser', 'fresh', 'gone', 'cooperative', 'tie', 'low', 'middle', 'high'];

/**
 * Call `draw` whenever one of the `watched` changes, and after `resize` whenever the size of the component or the theme
 * does, as long as there is a component with room to draw. It has its `size`, the context `g` and `colours` by then.
 */
export function follow(component, watched, draw, resize = () => {}) {
  const element = component.$el, canvas = component.$refs.canvas;
  if (!canvas) return; // it has ended while this was loaded
  let asked = 0;
  const ask = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => component.size && draw());
  };
  const fit = () => {
    const { width, height } = element.getBoundingClientRect(), dots = window.devicePixelRatio || 1;
    if (width < 20 || height < 20) return;
    canvas.width = Math.round(width * dots);
    canvas.height = Math.round(height * dots);
    const style = getComputedStyle(element);
    component.colours = Object.fromEntries(COLOURS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    component.size = { width, height, dots };
    component.g = canvas.getContext('2d');
    component.g.setTransform(dots, 0, 0, dots, 0, 0);
    resize();
    draw();
  };
  const sizes = new ResizeObserver(fit), themes = new MutationObserver(fit);
  sizes.observe(element);
  for (const each of document.querySelectorAll('html, body, .v-application')) {
    themes.observe(each, { attributes: true, attributeFilter: ['class'] });
  }
  for (const name of watched) component.$watch(name, ask);
  component.$once('hook:beforeDestroy', () => {
    cancelAnimationFrame(asked);
    sizes.disconnect();
    themes.disconnect();
  });
  fit();
}

/** Numbers that came as bytes. */
export function numbers(data, Kind) {
  return new Kind(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
}

/** Draw a line from point to point; `look` has properties of the context. */
export function line(g, points, look, dashes = []) {
  Object.assign(g, look).setLineDash(dashes);
  g.beginPath();
  for (const point of points) g.lineTo(...point);
  g.stroke();
  g.setLineDash([]);
  g.globalAlpha = 1;
}

/** Write a text, no wider than `room`; `look` has properties of the context. */
export function write(g, text, x, y, look, room) {
  Object.assign(g, look).fillText(text, x, y, room);
}
