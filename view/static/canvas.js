// What the canvases of the live page have in common.

/** Call `resize` now, and when the size of an element or the theme changes; returns what ends it. */
export function follow(element, resize) {
  const sizes = new ResizeObserver(resize), themes = new MutationObserver(resize);
  sizes.observe(element);
  for (const each of document.querySelectorAll('html, body, .v-application')) {
    themes.observe(each, { attributes: true, attributeFilter: ['class'] });
  }
  resize();
  return () => {
    sizes.disconnect();
    themes.disconnect();
  };
}

/** Make a canvas as large as an element; returns its size, null while there is no room to draw. */
export function fit(canvas, element) {
  const { width, height } = element.getBoundingClientRect(), dots = window.devicePixelRatio || 1;
  if (width < 20 || height < 20) return null;
  canvas.width = Math.round(width * dots);
  canvas.height = Math.round(height * dots);
  return { width, height, dots };
}

/** The colours of the theme, by name. */
export function coloursOf(element, names) {
  const style = getComputedStyle(element);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** Numbers that came as bytes. */
export function numbers(data, Kind) {
  return new Kind(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
}
