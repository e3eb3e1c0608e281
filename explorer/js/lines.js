// The lines of a world over its weeks, with those of other seeds as a ghost behind them.

const PANELS = [
  { title: 'people organising', columns: ['organisers'], root: true, least: 150 },
  { title: 'signatures', columns: ['signatures'], root: true, least: 1000 },
  { title: 'the three conditions', columns: ['distress', 'dissatisfaction', 'threat'], least: 1 },
];
const COLOUR = { organisers: 'organiser', signatures: 'purple', distress: 'vermilion', dissatisfaction: 'blue', threat: 'green' };
const SMALL = '11px system-ui, sans-serif';
const TITLE = '600 12px system-ui, sans-serif';
const GAP = 20, BELOW = 18, LEFT = 34;

/**
 * Draw a chart.
 *
 * `shown`: {lines, ghosts (a list of lines), week, horizon, needed, launch}
 */
export function draw(canvas, shown) {
  const g = canvas.getContext('2d'), dots = canvas.dots, width = canvas.width / dots, height = canvas.height / dots;
  const style = getComputedStyle(canvas), colour = (name) => style.getPropertyValue(`--${name}`).trim();
  g.setTransform(dots, 0, 0, dots, 0, 0);
  g.clearRect(0, 0, width, height);
  const panels = height < 190 ? PANELS.filter((each) => each.title !== 'signatures') : PANELS;
  const right = width < 420 ? 74 : 108, tall = (height - BELOW) / panels.length - GAP;
  const x = (week) => LEFT + (week / shown.horizon) * (width - LEFT - right);
  const context = { g, colour, x, tall, right: width - right, narrow: width < 420 };
  if (shown.launch >= 0) launchLine(context, shown.launch, height - BELOW);
  panels.forEach((panel, k) => drawPanel(context, panel, shown, k * (tall + GAP) + GAP));
  const step = width < 420 ? 104 : 52;
  for (let week = 0; week <= shown.horizon; week += step) {
    write(g, week ? `${week}` : 'week 0', x(week), height - BELOW + 4, colour('muted'), { textAlign: week ? 'center' : 'left', textBaseline: 'top' });
  }
}

/** Draw a straight line. */
function rule(g, [left, top], [right, bottom], colour, dash = []) {
  g.strokeStyle = colour;
  g.lineWidth = 1;
  g.setLineDash(dash);
  g.beginPath();
  g.moveTo(left, top);
  g.lineTo(right, bottom);
  g.stroke();
  g.setLineDash([]);
}

/** Write a text, small and on its baseline unless `style` says otherwise. */
function write(g, text, left, top, colour, style = {}) {
  Object.assign(g, { fillStyle: colour, font: SMALL, textAlign: 'left', textBaseline: 'alphabetic', ...style });
  g.fillText(text, left, top);
}

function launchLine({ g, colour, x }, week, bottom) {
  rule(g, [x(week), GAP], [x(week), bottom], colour('muted'), [2, 3]);
  g.font = TITLE;
  const beside = LEFT + g.measureText(PANELS[0].title).width + 12;
  write(g, 'launch', Math.max(x(week) + 4, beside), GAP - 5, colour('muted'));
}

function drawPanel({ g, colour, x, tall, right, narrow }, panel, shown, top) {
  const counted = panel.columns[0] === 'organisers';
  let most = counted ? Math.max(panel.least, 1.3 * shown.needed) : panel.least;
  const ghosts = panel.root ? shown.ghosts : [];
  for (const lines of [shown.lines, ...ghosts]) {
    for (const column of panel.columns) for (const value of lines[column]) if (value > most) most = value;
  }
  const y = (value) => top + tall * (1 - (panel.root ? Math.sqrt(value / most) : value / most));
  const trace = (values, until) => {
    g.beginPath();
    for (let week = 0; week <= until; week++) {
      if (Number.isNaN(values[week])) break;
      if (week) g.lineTo(x(week), y(values[week]));
      else g.moveTo(x(0), y(values[0]));
    }
    g.stroke();
  };
  for (const value of [0, most]) {
    const line = Math.round(y(value)) + 0.5;
    rule(g, [LEFT, line], [right, line], colour('faint'));
    write(g, short(value), LEFT - 4, line, colour('muted'), { textAlign: 'right', textBaseline: 'middle' });
  }
  write(g, panel.title, LEFT, top - 5, colour('ink'), { font: TITLE });
  g.lineJoin = 'round';
  g.globalAlpha = 0.3;
  for (const lines of ghosts) {
    g.strokeStyle = colour(COLOUR[panel.columns[0]]);
    trace(lines[panel.columns[0]], shown.horizon);
  }
  g.globalAlpha = 1;
  if (counted) rule(g, [LEFT, y(shown.needed)], [right, y(shown.needed)], colour('ink'), [6, 3]);
  const labels = counted ? [{ text: narrow ? 'needed' : 'a movement', at: y(shown.needed), colour: colour('ink') }] : [];
  for (const column of panel.columns) {
    const values = shown.lines[column], value = values[shown.week];
    g.strokeStyle = colour(COLOUR[column]);
    g.lineWidth = 2;
    trace(values, shown.week);
    g.fillStyle = g.strokeStyle;
    g.beginPath();
    g.arc(x(shown.week), y(value), 3, 0, 2 * Math.PI);
    g.fill();
    const text = panel.root ? Math.round(value).toLocaleString('en') : narrow ? NARROW[column] : column;
    labels.push({ text, at: y(value), colour: colour(COLOUR[column]), bold: panel.root });
  }
  labels.sort((a, b) => a.at - b.at);
  labels.forEach((each, k) => { each.at = Math.max(each.at, k ? labels[k - 1].at + 13 : top + 5); });
  labels.reverse().forEach((each, k) => { each.at = Math.min(each.at, k ? labels[k - 1].at - 13 : top + tall - 2); });
  for (const each of labels) {
    const font = `${each.bold ? '600 ' : ''}12px system-ui, sans-serif`;
    write(g, each.text, right + 8, each.at, each.colour, { font, textBaseline: 'middle' });
  }
}

const NARROW = { distress: 'distress', dissatisfaction: 'dissatisf.', threat: 'threat' };

function short(value) {
  return value >= 1000 ? `${+(value / 1000).toPrecision(2)}k` : `${+value.toPrecision(2)}`;
}
