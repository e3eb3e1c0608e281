// A world as text: the part of a link behind the #, the command and the Python lines that repeat it.

export const SEED = 'seed';

/** What differs from the default world. */
export function differences(lab, values) {
  return Object.fromEntries(lab.parameters.filter(({ name, default: usual }) => name in values && values[name] !== usual).map(({ name }) => [name, values[name]]));
}

/** `firm.decline_rate=0.01&seed=8` */
export function asHash(changes, seed) {
  const pairs = [...Object.entries(changes), [SEED, seed]];
  return pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
}

export const isWorld = (hash) => hash.includes('=');

/** The world of a link, or an Error that says in one line what is wrong with it. */
export function fromHash(lab, hash) {
  const changes = {}, known = new Map(lab.parameters.map((each) => [each.name, each]));
  let seed = null;
  for (const pair of hash.split('&').filter(Boolean)) {
    const [name, ...rest] = pair.split('='), text = decoded(rest.join('='));
    if (name === SEED) {
      if (!/^\d{1,9}$/.test(text)) throw new Error(`seed=${text}: write a whole number from 0 to 999,999,999`);
      seed = Number(text);
      continue;
    }
    const parameter = known.get(name);
    if (!parameter) throw new Error(`the link names ${name}, which is no parameter; did you mean ${nearest(name, [...known.keys()])}?`);
    changes[name] = read(parameter, text);
  }
  return { changes, seed };
}

/** The value of a parameter that a text stands for. */
export function read(parameter, text) {
  if (parameter.choices) {
    if (parameter.choices.includes(text)) return text;
    throw new Error(`${parameter.name}=${text}: choose one of ${parameter.choices.join(', ')}`);
  }
  if (typeof parameter.default === 'string') return text;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new Error(`${parameter.name}=${text}: write a number`);
  return value;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function nearest(name, known) {
  return known.reduce((best, each) => (distance(name, each) < distance(name, best) ? each : best));
}

/** Levenshtein's distance. */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, k) => k);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1])));
    row = next;
  }
  return row[b.length];
}

export function command(changes, seed) {
  return ['momentum run', ...Object.entries(changes).map(([name, value]) => `${name}=${value}`), `seed=${seed}`].join(' ');
}

export function python(changes, seed) {
  const lines = Object.entries(changes).map(([name, value]) => `    "${name}": ${JSON.stringify(value)},`);
  const world = lines.length ? ['world = Parameters.from_dict({', ...lines, '})'] : ['world = Parameters()'];
  return ['from sim import Parameters, simulate', '', ...world, `run = simulate(world, seed=${seed})`, 'run.outcome', 'run.weekly[["week", "signatures", "supporters", "organisers"]]'].join('\n');
}
