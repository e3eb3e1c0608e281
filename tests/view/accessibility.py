"""What a page must offer to people who hear it, or cannot see it well; checked in the browser."""

CHECKS = r"""
() => {
  const faults = [];
  const visible = element => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return box.width > 1 && box.height > 1 && style.visibility !== 'hidden'
      && style.display !== 'none' && !element.closest('[aria-hidden=true]')
      && element.checkVisibility({checkOpacity: true});
  };
  const say = element => element.outerHTML.replace(/\s+/g, ' ').slice(0, 140);
  const named = element => {
    const by = element.getAttribute('aria-labelledby');
    const others = by ? by.split(/\s+/).map(id => document.getElementById(id)?.textContent) : [];
    const labels = element.labels ? [...element.labels].map(label => label.textContent) : [];
    const pictures = [...element.querySelectorAll('img[alt], svg[aria-label]')]
      .map(picture => picture.getAttribute('alt') || picture.getAttribute('aria-label'));
    const own = element.matches('input, select, textarea') ? '' : element.innerText;
    return [element.getAttribute('aria-label'), ...others, ...labels, own,
            element.getAttribute('title'), ...pictures].some(text => text && text.trim());
  };
  if (!document.documentElement.lang) faults.push('the page names no language');
  if (!document.title.trim()) faults.push('the page has no title');
  if (document.querySelectorAll('h1').length !== 1) faults.push('the page has not one h1');
  const zoom = document.querySelector('meta[name=viewport]')?.content || '';
  if (/user-scalable=no|maximum-scale=1/.test(zoom)) faults.push('the page cannot be enlarged');
  const controls = 'a[href], button, input:not([type=hidden]), select, textarea, summary,'
    + ' [role=button], [role=slider], [role=switch], [role=tab], [role=combobox], [tabindex="0"]';
  for (const element of document.querySelectorAll(controls))
    if (visible(element) && !named(element)) faults.push('no name: ' + say(element));
  for (const element of document.querySelectorAll('img, canvas, svg[role=img], [role=img]'))
    if (visible(element) && !element.hasAttribute('alt') && !element.getAttribute('aria-label')
        && !element.closest('a, button') && !element.getAttribute('aria-labelledby'))
      faults.push('no description: ' + say(element));
  const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i)))
    if ([...document.querySelectorAll(`[id="${CSS.escape(id)}"]`)].filter(visible).length > 1)
      faults.push('two with the id ' + id);

  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  canvas.canvas.width = canvas.canvas.height = 1;
  const rgba = colour => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => top.slice(0, 3).map((c, i) => c * top[3] + below[i] * (1 - top[3]));
  const ground = element => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      const style = getComputedStyle(e);
      if (style.backgroundImage !== 'none' && e !== document.body) return null;
      layers.push(rgba(style.backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    const dark = getComputedStyle(document.documentElement).colorScheme.includes('dark')
      && matchMedia('(prefers-color-scheme: dark)').matches;
    let colour = dark ? [18, 18, 18] : [255, 255, 255];
    for (const layer of layers.reverse()) colour = over(layer, colour);
    return colour;
  };
  const light = colour => {
    const [r, g, b] = colour.map(c => {
      c /= 255;
      return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || seen.has(element) || element.closest('script, style, svg'))
      continue;
    seen.add(element);
    const off = '[disabled], [aria-disabled=true], .v-input--is-disabled, .v-btn--disabled';
    if (!visible(element) || element.closest(off)) continue;
    const below = ground(element);
    if (below === null) continue;
    const style = getComputedStyle(element);
    let opacity = 1;
    for (let e = element; e; e = e.parentElement) opacity *= getComputedStyle(e).opacity;
    const ink = rgba(style.color);
    ink[3] *= opacity;
    const [one, other] = [light(over(ink, below)), light(below)].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && parseInt(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5))
      faults.push(`contrast ${ratio.toFixed(2)}: ` + say(element));
  }
  return faults;
}
"""


def faults(page):
    """Return what is wrong with a page: names, descriptions, contrast (WCAG 2.1, level AA)."""
    return page.evaluate(CHECKS)


def focused_by_tab(page, most=200):
    """Return the names of all that Tab reaches, in order, and whether each shows the focus."""
    names = []
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
              const e = document.activeElement;
              if (!e || e === document.body) return null;
              const style = getComputedStyle(e);
              const ring = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
              const label = e.labels && e.labels.length ? e.labels[0].textContent : '';
              return [(e.getAttribute('aria-label') || label || e.innerText || e.title || e.tagName)
                      .trim(), ring];
            }"""
        )
        if found is None:
            break
        names.append(tuple(found))
    return names
