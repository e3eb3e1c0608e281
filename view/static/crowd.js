// How the crowd is drawn. `crowd` has the ties (pairs of users), the group of each user, the discs of
// the groups (four numbers each), the places of users in pixels (x, y), their radius, and colours.

export { follow, line, numbers, write } from './canvas.js';

/** Ties between communities: a band each, as wide as they are many. */
export function drawBundles(g, crowd, counts, colour, alpha) {
  const all = crowd.disc.length / 4, many = new Float32Array(all * all);
  for (let k = 0; k < crowd.pairs.length; k += 2) {
    const a = crowd.group[crowd.pairs[k]], b = crowd.group[crowd.pairs[k + 1]];
    if (a !== b && counts(crowd.pairs[k], crowd.pairs[k + 1])) many[Math.min(a, b) * all + Math.max(a, b)]++;
  }
  const { left, top, width, height } = crowd.box;
  const place = (d) => [left + crowd.disc[4 * d] * width, top + crowd.disc[4 * d + 1] * height];
  g.strokeStyle = colour;
  g.globalAlpha = alpha;
  many.forEach((ties, k) => {
    if (!ties) return;
    g.lineWidth = 22 * Math.sqrt(ties / (crowd.pairs.length / 2));
    g.beginPath();
    g.moveTo(...place(Math.floor(k / all)));
    g.lineTo(...place(k % all));
    g.stroke();
  });
  g.globalAlpha = 1;
}

/** Communities, bluer the more of their users take part. */
export function drawCommunities(g, crowd, users) {
  const c = crowd.colours, active = (i) => { const s = users[i] & 7; return s === 1 || s === 2; };
  drawBundles(g, crowd, (i, j) => active(i) && active(j), c.supporter, 0.5);
  const all = crowd.disc.length / 4, part = new Float32Array(all), size = new Float32Array(all);
  for (let i = 0; i < users.length; i++) {
    size[crowd.group[i]]++;
    if (active(i)) part[crowd.group[i]]++;
  }
  const { left, top, width, height } = crowd.box;
  for (let d = 0; d < all; d++) {
    const [x, y, a, b] = crowd.disc.subarray(4 * d, 4 * d + 4);
    g.beginPath();
    g.ellipse(left + x * width, top + y * height, a * width, b * height, 0, 0, 2 * Math.PI);
    for (const [fill, alpha] of [[c.paper, 1], [c.tie, 0.07], [c.supporter, Math.min(0.3, 0.6 * part[d] / size[d])]]) {
      g.fillStyle = fill;
      g.globalAlpha = alpha;
      g.fill();
    }
    g.globalAlpha = 1;
    g.strokeStyle = c.faint;
    g.lineWidth = 1;
    g.stroke();
  }
}

/** Users by what they are: who acts is larger, who organises is a diamond. */
export function drawUsers(g, crowd, users) {
  const STATUS = { bystander: 0, supporter: 1, organiser: 2, exited: 3, cooperative: 4 };
  const r = crowd.radius, c = crowd.colours, TURN = 2 * Math.PI;
  const mark = (test, radius, colour, alpha = 1, line = 0) => { // filled, or a ring
    Object.assign(g, { globalAlpha: alpha, fillStyle: colour, strokeStyle: colour, lineWidth: line });
    g.beginPath();
    for (let i = 0; i < users.length; i++) {
      if (!test(users[i])) continue;
      g.moveTo(crowd.x[i] + radius, crowd.y[i]);
      g.arc(crowd.x[i], crowd.y[i], radius, 0, TURN);
    }
    if (line) g.stroke();
    else g.fill();
    g.globalAlpha = 1;
  };
  const is = (status) => (u) => (u & 7) === status;
  const age = (u) => (u >> 4) & 3, signed = (u) => (u & 64) !== 0, fresh = (u) => (u & 128) !== 0;
  for (let step = 0; step < 4; step++) { // who left fades
    const fade = 0.85 - 0.17 * step;
    const left = (status) => (u) => (u & 7) === status && age(u) === step;
    mark(left(STATUS.exited), 0.8 * r, c.gone, fade, 1);
    mark(left(STATUS.cooperative), 0.8 * r, c.cooperative, Math.max(fade, 0.6), 1.4);
  }
  const bystands = is(STATUS.bystander);
  mark((u) => bystands(u) && !(u & 8) && !signed(u), 0.8 * r, c.bystander);
  mark((u) => bystands(u) && u & 8 && !signed(u), 0.9 * r, c.aware);
  mark((u) => fresh(u) && (u & 7) < STATUS.exited, 2.4 * r, c.fresh, 0.5); // who has just signed or joined shines
  mark((u) => bystands(u) && signed(u), 1.1 * r, c.signed);
  mark(is(STATUS.supporter), 1.25 * r, c.supporter);
  const big = Math.max(1.9 * r, 4);
  for (let i = 0; i < users.length; i++) {
    if ((users[i] & 7) === STATUS.organiser) {
      g.beginPath(); // a diamond, so that the shape differs too
      g.moveTo(crowd.x[i], crowd.y[i] - big);
      g.lineTo(crowd.x[i] + big, crowd.y[i]);
      g.lineTo(crowd.x[i], crowd.y[i] + big);
      g.lineTo(crowd.x[i] - big, crowd.y[i]);
      g.closePath();
      g.fillStyle = c.organiser;
      g.fill();
      g.lineWidth = 1.2;
      g.strokeStyle = c.paper;
      g.stroke();
    }
  }
}
