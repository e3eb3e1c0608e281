// What the tests of the page run in place of the model: it answers the same calls at once, and its
// outcome follows from a few parameters in a way that a test can foresee. It claims nothing.
const COLUMNS = [
  'price', 'distress', 'dissatisfaction', 'threat', 'aware', 'literacy', 'media', 'people_per_agent',
  'supporters', 'organisers', 'active', 'signatures', 'spin_off', 'converted',
];

export async function loadModel(bytes) {
  const parameters = JSON.parse(new TextDecoder().decode(bytes));
  const defaults = Object.fromEntries(parameters.map((each) => [each.name, each.default]));
  return {
    parameters,
    columns: COLUMNS,
    world(changes, seed) {
      for (const name of Object.keys(changes)) {
        if (!(name in defaults)) throw new Error(`there is no parameter ${name}`);
      }
      const p = { ...defaults, ...changes };
      if (p['users.count'] > 1e6) throw new Error('users.count = 2000000 must be below 1000000');
      return new World(p, seed);
    },
  };
}

class World {
  constructor(p, seed) {
    this.p = p;
    this.seed = seed;
    this.week = 0;
    this.horizon = p.horizon;
    this.luck = ((seed * 7919) % 101) / 101;
    // taking off or not, by conditions, cost and luck
    const drive = 40 * p['firm.decline_rate'] + p['dissatisfaction.base'] + p['threat.base'] - p['participation.cost_mean'];
    this.growth = drive + this.luck - 0.6 - Math.abs(p['movement.launch_week'] - 90) / 400;
    this.rows = Object.fromEntries(COLUMNS.map((name) => [name, new Float64Array(p.horizon + 1).fill(NaN)]));
    this.record(0);
  }

  record(week) {
    const { p } = this, since = week - p['movement.launch_week'];
    const share = since < 0 ? 0 : Math.max(0.002, Math.min(0.08, 0.002 * Math.exp(0.09 * this.growth * Math.min(since, 60))));
    const falling = Math.max(0, Math.min(week - p['firm.decline_start'], p['firm.decline_duration']));
    const row = {
      price: Math.exp(-p['firm.decline_rate'] * falling),
      distress: 1 - Math.exp(-p['firm.decline_rate'] * falling),
      dissatisfaction: p['dissatisfaction.base'],
      threat: p['threat.base'],
      aware: Math.min(1, 5 * share),
      literacy: share,
      media: since < 0 ? 0 : Math.exp(-since / 10) + share,
      people_per_agent: p['users.people_per_agent'],
      supporters: 2 * share,
      organisers: share,
      active: 3 * share,
      signatures: since < 0 ? 0 : 200 + Math.round(share * 20000),
      spin_off: 0,
      converted: p['firm.policy'] === 'concede' && since > 100 && this.growth > 0.1 ? 1 : 0,
    };
    for (const name of COLUMNS) this.rows[name][week] = row[name];
  }

  run(week) {
    while (this.week < Math.min(week, this.horizon)) this.record((this.week += 1));
  }

  weekly(column) {
    return this.rows[column];
  }

  status() {
    const n = this.p['users.count'], of = (column) => Math.round(n * this.rows[column][this.week]);
    const organisers = of('organisers'), supporters = of('supporters');
    return Uint8Array.from({ length: n }, (_, user) => (user < organisers ? 2 : user < organisers + supporters ? 1 : 0));
  }

  signed() {
    const n = this.p['users.count'], signers = Math.min(n, Math.round(this.rows.signatures[this.week] / this.p['users.people_per_agent']));
    return Uint8Array.from({ length: n }, (_, user) => (user < signers ? 1 : 0));
  }

  network() {
    const rows = Array.from({ length: this.p['users.count'] }, () => []);
    for (let user = 1; user < rows.length; user++) {
      for (const other of [Math.floor(user / 3), (user * 7) % user]) {
        rows[user].push(other);
        rows[other].push(user);
      }
    }
    const offsets = [0];
    for (const row of rows) offsets.push(offsets.at(-1) + row.length);
    return { offsets, neighbours: rows.flat() };
  }

  outcome() {
    const people = this.p['users.count'] * this.p['users.people_per_agent'];
    const organisers = this.rows.organisers.slice(0, this.week + 1).map((share) => Math.max(0, share * people - this.p['movement.organisers']));
    const peak = Math.max(...organisers), first = organisers.findIndex((each) => each >= this.p['emergence.organisers']);
    const converted = this.rows.converted.indexOf(1);
    return {
      emerged: first >= 0,
      emergence_week: first >= 0 ? first : NaN,
      peak_organisers: peak,
      signatures: this.rows.signatures[this.week],
      converted: converted >= 0,
      converted_week: converted >= 0 ? converted : NaN,
      vote: NaN,
      weeks_convert: 10,
      weeks_spread: 21 + (this.seed % 2),
      weeks_promote: 10,
    };
  }

  free() {}
}
