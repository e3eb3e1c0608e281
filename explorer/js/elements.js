// Elements of the page.

/** Return the parts of an element by name, as page.html calls them. */
export function parts(root) {
  return Object.fromEntries([...root.querySelectorAll('[data-part]')].map((each) => [each.dataset.part, each]));
}

export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

/** Return a new element with attributes and children. */
export function create(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}
