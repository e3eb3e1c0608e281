// The model for a page or for Node: worlds are made by name and value, run week by week, and read.
//
//   const lab = await loadModel(wasmBytes);
//   const world = lab.world({ 'users.count': 500, 'firm.decline_start': 52 }, 7);
//   world.run(260);
//   world.weekly('active'); // a share a week
//   world.free();

const LARGEST_COMPLETE = 5000; // users of a complete network

/** Return the laboratory of a compiled model. */
export async function loadModel(wasmBytes) {
  const { instance } = await WebAssembly.instantiate(wasmBytes, {});
  instance.exports._initialize();
  return new Lab(instance.exports);
}

class Lab {
  #model;
  #byName;

  constructor(model) {
    this.#model = model;
    const { parameters, columns, outcomes } = JSON.parse(text(model, model.lab_description()));
    /** What can be set: name, default, low, high, bounds, whole, choices, label, unit, group. */
    this.parameters = parameters;
    /** The names of the weekly columns. */
    this.columns = Object.keys(columns);
    /** Label, unit and scale of each weekly column. */
    this.columnInfo = columns;
    /** The names of what a run comes to. */
    this.outcomes = outcomes;
    this.#byName = new Map(parameters.map((each) => [each.name, each]));
  }

  /** Return a world at week 0; `values` are parameters that differ from their defaults. */
  world(values = {}, seed = 7) {
    const model = this.#model, all = this.#complete(values);
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new Error(`seed = ${seed} must be a whole number from 0`);
    }
    new Float64Array(model.memory.buffer, model.lab_parameters(), this.parameters.length).set(
      this.parameters.map(({ name, choices }) => choices?.indexOf(all[name]) ?? all[name]),
    );
    const run = guarded(() => model.lab_world(seed));
    if (run === 0) {
      throw new Error(
        `network.clustering = ${all['network.clustering']} is more than this network can have; ` +
        'lower it, or raise network.mean_degree or network.tail',
      );
    }
    return new World(model, run, this, all);
  }

  #complete(values) {
    const all = Object.fromEntries(this.parameters.map((each) => [each.name, each.default]));
    for (const [name, value] of Object.entries(values)) {
      const parameter = this.#byName.get(name);
      if (!parameter) throw new Error(`unknown parameter ${name}${this.#nearest(name)}`);
      all[name] = checked(parameter, value);
    }
    checkTogether(all);
    return all;
  }

  #nearest(name) {
    const end = name.split('.').at(-1);
    const near = this.parameters.find((each) => each.name.split('.').at(-1) === end);
    return near ? `; did you mean ${near.name}?` : '';
  }
}

class World {
  #model;
  #run;
  #lab;

  constructor(model, run, lab, values) {
    this.#model = model;
    this.#run = run;
    this.#lab = lab;
    this.users = values['users.count'];
    this.horizon = values.horizon;
  }

  /** Go on to the end of a week, at most to the horizon; return the week reached. */
  run(untilWeek = this.horizon) {
    return this.#model.lab_run(this.#live(), untilWeek);
  }

  /** Return a weekly column, (horizon + 1,), NaN for weeks not reached; it does not change later. */
  weekly(column) {
    const number = this.#lab.columns.indexOf(column), weeks = this.horizon + 1;
    if (number < 0) throw new Error(`unknown column ${column}`);
    return this.#copy(Float64Array, this.#model.lab_weekly(this.#live()), weeks, number * weeks);
  }

  /** Return what each user is: 0 bystander, 1 supporter, 2 organiser, 3 gone, 4 gone to the cooperative. */
  status() {
    return this.#copy(Uint8Array, this.#model.lab_status(this.#live()), this.users);
  }

  /** Return who has signed the petition, 1 or 0 a user. */
  signed() {
    return this.#copy(Uint8Array, this.#model.lab_signed(this.#live()), this.users);
  }

  /** Return the neighbours of all users, one after another, and the offset of each user's first. */
  network() {
    const starts = this.#copy(BigInt64Array, this.#model.lab_offsets(this.#live()), this.users + 1);
    const offsets = Int32Array.from(starts, Number);
    return { offsets, neighbours: this.#copy(Int32Array, this.#model.lab_neighbours(this.#run), offsets.at(-1)) };
  }

  /** Return what the run came to so far; NaN for what did not happen. */
  outcome() {
    const { outcomes } = this.#lab;
    const found = this.#copy(Float64Array, this.#model.lab_outcome(this.#live()), outcomes.length);
    const outcome = Object.fromEntries(outcomes.map((name, k) => [name, found[k]]));
    return { ...outcome, emerged: outcome.emerged === 1, converted: outcome.converted_week >= 0 };
  }

  /** Give the memory back; the world cannot be used afterwards. */
  free() {
    if (this.#run !== 0) this.#model.lab_free(this.#run);
    this.#run = 0;
  }

  #live() {
    if (this.#run === 0) throw new Error('the world was freed');
    return this.#run;
  }

  // A copy, since arrays on the model's memory end when it grows.
  #copy(Kind, address, length, from = 0) {
    return new Kind(this.#model.memory.buffer, address + from * Kind.BYTES_PER_ELEMENT, length).slice();
  }
}

function text(model, address) {
  const bytes = new Uint8Array(model.memory.buffer, address);
  return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
}

function guarded(call) {
  try {
    return call();
  } catch {
    throw new Error('the world needs more memory than there is; lower users.count or network.mean_degree');
  }
}

function checked({ name, default: usual, bounds, whole, choices, ported }, value) {
  if (!ported && value !== usual) throw new Error(`${name} cannot be set here: only in Python`);
  if (choices) {
    if (!choices.includes(value)) throw new Error(`${name} = ${value}: one of ${choices.join(', ')}`);
    return value;
  }
  if (typeof value !== 'number' || !Number.isFinite(value) || (whole && !Number.isInteger(value))) {
    throw new Error(`${name} = ${value} must be a ${whole ? 'whole ' : ''}number`);
  }
  const [low, high] = bounds;
  if ((low !== null && value < low) || (high !== null && value > high)) {
    throw new Error(`${name} = ${value} is out of range: ${high === null ? `${low} or more` : `${low} to ${high}`}`);
  }
  return value;
}

function checkTogether(all) {
  const users = all['users.count'], people = users * all['users.people_per_agent'];
  const stock = all['shareholders.institutional_share'] + all['shareholders.ethical_share'];
  refuse(
    all['movement.origin'] === 'given' && all['movement.launch_week'] > all.horizon,
    `movement.launch_week = ${all['movement.launch_week']} is after the horizon of ${all.horizon} weeks`,
  );
  refuse(stock > 1, `shareholders.institutional_share + shareholders.ethical_share = ${stock} exceeds 1`);
  refuse(
    all['movement.organisers'] > people,
    `movement.organisers = ${all['movement.organisers']} exceeds the ${people} people of all users`,
  );
  if (all['network.topology'] === 'complete') {
    refuse(users > LARGEST_COMPLETE, `users.count = ${users}: at most ${LARGEST_COMPLETE} in a complete network`);
  } else {
    refuse(
      all['network.mean_degree'] > users - 1,
      `network.mean_degree = ${all['network.mean_degree']}: at most ${users - 1} with ${users} users`,
    );
  }
}

function refuse(condition, message) {
  if (condition) throw new Error(message);
}
