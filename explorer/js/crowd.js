// The crowd: users in communities around the best-connected ones, each at a place of its own.

const STATUS = { bystander: 0, supporter: 1, organiser: 2, exited: 3, cooperative: 4 };
const TURN = Math.PI * (3 - Math.sqrt(5)); // the golden angle: a sunflower has its seeds so

/**
 * Divide the users into communities: each begins with a well-connected user and takes in, in turn
 * with the others, a neighbour of those whom it has. Returns the members of each, nearest first.
 */
export function communities({ offsets, neighbours }) {
  const users = offsets.length - 1, degree = (user) => offsets[user + 1] - offsets[user];
  const ranked = Array.from({ length: users }, (_, user) => user).sort((a, b) => degree(b) - degree(a) || a - b);
  const taken = new Uint8Array(users), found = [], wanted = Math.max(1, Math.min(24, Math.round(Math.sqrt(users) / 3)));
  for (const hub of ranked.slice(0, wanted)) {
    taken[hub] = 1;
    found.push({ members: [hub], asked: 0, next: offsets[hub] });
  }
  const grow = (community) => {
    while (community.asked < community.members.length) {
      const user = community.members[community.asked];
      while (community.next < offsets[user + 1]) {
        const other = neighbours[community.next++];
        if (taken[other]) continue;
        taken[other] = 1;
        community.members.push(other);
        return true;
      }
      community.asked += 1;
      community.next = offsets[community.members[community.asked]];
    }
    return false;
  };
  for (let growing = true; growing;) growing = found.map(grow).some(Boolean);
  const rest = ranked.filter((user) => !taken[user]); // whom no tie leads to
  for (const user of rest) found.reduce((least, each) => (each.members.length < least.members.length ? each : least)).members.push(user);
  return found.map((each) => each.members).sort((a, b) => b.length - a.length);
}

/** Places of all users in a rectangle, and how large a dot may be. */
export function places(groups, users, width, height) {
  const discs = packed(groups.map((members) => Math.sqrt(members.length) + 0.9), width / height);
  const edge = (axis, side) => discs.reduce((most, each) => Math.max(most, side * each[axis] + each.radius), -Infinity);
  const [left, right, top, bottom] = [edge('x', -1), edge('x', 1), edge('y', -1), edge('y', 1)];
  const scale = Math.min(width / (left + right), height / (top + bottom)); // pixels between two dots
  const x = new Float32Array(users), y = new Float32Array(users);
  groups.forEach((members, k) => members.forEach((user, place) => {
    const away = Math.sqrt(place + 0.5), angle = place * TURN;
    x[user] = width / 2 + (discs[k].x + (left - right) / 2 + away * Math.cos(angle)) * scale;
    y[user] = height / 2 + (discs[k].y + (top - bottom) / 2 + away * Math.sin(angle)) * scale;
  }));
  return { x, y, dot: 0.62 * scale };
}

/** Discs side by side, the first in the middle, in a heap of the shape of the rectangle. */
function packed(radii, shape) {
  const discs = [];
  for (const radius of radii) {
    for (let turn = 0; ; turn += 1.5 / Math.max(turn / 2, 1)) {
      const away = turn / 2, x = away * Math.cos(turn) * Math.sqrt(shape), y = (away * Math.sin(turn)) / Math.sqrt(shape);
      if (discs.some((each) => Math.hypot(each.x - x, each.y - y) < each.radius + radius)) continue;
      discs.push({ x, y, radius });
      break;
    }
  }
  return discs;
}

/** Draw everybody by what they do, bystanders by whether they signed; those who act are larger. */
export function draw(canvas, placed, status, signed) {
  const g = canvas.getContext('2d'), { x, y, dot } = placed, dots = canvas.dots;
  const style = getComputedStyle(canvas), colour = (name) => style.getPropertyValue(`--${name}`).trim();
  g.setTransform(dots, 0, 0, dots, 0, 0);
  g.clearRect(0, 0, canvas.width, canvas.height);
  const disc = (radius) => (left, top) => {
    g.moveTo(left + radius, top);
    g.arc(left, top, radius, 0, 2 * Math.PI);
  };
  const diamond = (radius) => (left, top) => {
    g.moveTo(left, top - radius);
    g.lineTo(left + radius, top);
    g.lineTo(left, top + radius);
    g.lineTo(left - radius, top);
    g.closePath();
  };
  const marks = [ // who, how, filled with, edged with
    [(user) => status[user] === STATUS.bystander && !signed[user], disc(dot), 'bystander'],
    [(user) => status[user] === STATUS.bystander && signed[user], disc(1.15 * dot), 'purple'],
    [(user) => status[user] === STATUS.exited, disc(0.75 * dot), null, 'gone'],
    [(user) => status[user] === STATUS.cooperative, disc(0.75 * dot), null, 'cooperative'],
    [(user) => status[user] === STATUS.supporter, disc(1.25 * dot), 'supporter'],
    [(user) => status[user] === STATUS.organiser, diamond(Math.max(3, 1.9 * dot)), 'organiser', 'paper'],
  ];
  g.lineWidth = Math.max(0.7, 0.35 * dot);
  for (const [counts, mark, filled, edged] of marks) {
    g.beginPath();
    for (let user = 0; user < status.length; user++) if (counts(user)) mark(x[user], y[user]);
    if (filled) {
      g.fillStyle = colour(filled);
      g.fill();
    }
    if (edged) {
      g.strokeStyle = colour(edged);
      g.stroke();
    }
  }
}
