// Worlds run to their end: what each came to, and the lines that are drawn of it.

export const FIRST = 7; // the seed of the world that is shown; the others follow it
export const SEEDS = 31;

const CHUNK = 26; // weeks between two looks at the clock
const KEPT = 1500; // worlds
const kept = new Map();

/** The number of people in a column of shares, by week. */
export function people(world, column, users) {
  const each = world.weekly('people_per_agent');
  return world.weekly(column).map((share, week) => Math.round(share * users) * each[week]);
}

/** Columns as the charts show them: people, and levels from 0 to 1. */
export function linesOf(world, users) {
  const columns = ['signatures', 'distress', 'dissatisfaction', 'threat'].map((name) => [name, world.weekly(name).slice()]);
  return { organisers: people(world, 'organisers', users), ...Object.fromEntries(columns) };
}

/** What of a world is compared: the outcome, and what follows from its weeks. */
function summary(world, values, users) {
  const active = people(world, 'active', users);
  const last = (column) => world.weekly(column).at(-1), gain = (column) => last(column) - world.weekly(column)[0];
  const beyond = active.map((each) => Math.max(0, each - values['movement.organisers']));
  return {
    ...world.outcome(),
    signatures: last('signatures'),
    peak_people: Math.max(...beyond),
    max_media: Math.max(...world.weekly('media')),
    literacy_gain: gain('literacy'),
    awareness_gain: gain('aware'),
    spin_off: last('spin_off') > 0,
  };
}

/** A job that runs a world to its horizon and returns {outcome, lines}; a world runs only once. */
export function* finished(lab, changes, seed) {
  const key = `${seed} ${JSON.stringify(Object.entries(changes).sort())}`;
  if (!kept.has(key)) {
    const values = lab.complete(changes), users = values['users.count'];
    const world = lab.world(changes, seed);
    try {
      for (let week = CHUNK; week < values.horizon + CHUNK; week += CHUNK) {
        world.run(Math.min(week, values.horizon));
        yield;
      }
      kept.set(key, { outcome: summary(world, values, users), lines: linesOf(world, users) });
    } finally {
      world.free();
    }
    if (kept.size > KEPT) kept.delete(kept.keys().next().value);
  }
  return kept.get(key);
}

/** A job that runs a world with many seeds; `each` is told all that are finished so far. */
export function* ensemble(lab, changes, each = () => {}, seeds = SEEDS, first = FIRST) {
  const found = [];
  for (let seed = first; seed < first + seeds; seed++) {
    found.push(yield* finished(lab, changes, seed));
    each(found);
    yield;
  }
  return found;
}
