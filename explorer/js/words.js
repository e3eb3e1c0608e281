// Numbers and outcomes in words. What is said of an outcome is computed from it, here.

export const count = (value) => Math.round(value).toLocaleString('en');
export const people = (value) => (Math.round(value) === 1 ? '1 person' : `${count(value)} people`);

/** A number with as many digits as its step needs. */
export function plain(value, step) {
  const digits = step >= 1 ? 0 : Math.min(6, Math.ceil(-Math.log10(step) - 1e-9));
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: step >= 1 });
}

/** The value of a parameter as it stands in a sentence; `form` is "%" for shares. */
export function inWords(value, step, form = '') {
  return form === '%' ? `${plain(100 * value, 100 * step)} %` : plain(value, step);
}

/** How a run stands at a week: a title and a sentence. `at` has organisers, signatures, needed. */
export function standing(week, horizon, at, outcome, values) {
  const few = ['Nobody organises', '1 person organises'][Math.round(at.organisers)];
  const organise = `${few ?? `${people(at.organisers)} organise`}, ${count(at.signatures)} have signed.`;
  if (week < horizon) {
    const launched = values['movement.origin'] !== 'given' || week >= values['movement.launch_week'];
    return launched ? [`Week ${week}`, organise] : [`Week ${week}`, 'No campaign yet.'];
  }
  const peak = Math.round(outcome.peak_organisers);
  const most = `${peak ? `At most ${people(peak)}` : 'Nobody'} organised${peak ? ' at once' : ''} beyond those who launched it; ${count(at.signatures)} signed.`;
  if (outcome.converted) return [`Converted in week ${outcome.converted_week}: the firm belongs to its users`, most];
  if (outcome.emerged) return [`A movement emerged in week ${outcome.emergence_week}`, most];
  return ['No movement emerged', most];
}

/** In how many worlds something came about. */
export function tally(outcomes, counted) {
  const k = outcomes.filter((each) => each[counted]).length, n = outcomes.length;
  const of = k === 0 ? `none of ${n} worlds` : k === n ? `all ${n} worlds` : `${k} of ${n} worlds`;
  return counted === 'converted' ? `The firm comes to belong to its users in ${of}.` : `A movement emerges in ${of}.`;
}

/** What came of a guess. */
export function compared(guess, k) {
  if (guess === null) return '';
  if (guess === k) return 'That is what you guessed.';
  return `You guessed ${guess}.`;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b), middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** How the worlds differ by luck alone. */
export function spread(outcomes) {
  const signed = outcomes.map((each) => each.signatures);
  return `By luck alone, between ${count(Math.min(...signed))} and ${count(Math.max(...signed))} people sign; the median of these worlds is ${count(median(signed))}.`;
}

// Effects, as the project reports and judges them.

export const JUDGED = { supported: 'supported', contradicted: 'contradicted', none: 'no material effect', undecided: 'undecided' };

/** The verdict on an interval, against what was held material beforehand. */
export function judge({ low, high, n }, materiality, least) {
  if (n < least) return JUDGED.undecided;
  if (low > materiality) return JUDGED.supported;
  if (high < -materiality) return JUDGED.contradicted;
  return low > -materiality && high < materiality ? JUDGED.none : JUDGED.undecided;
}

/** The verdict on a claim that asks for several effects at once. */
export function together(verdicts) {
  return [JUDGED.contradicted, JUDGED.none, JUDGED.undecided].find((each) => verdicts.includes(each)) ?? JUDGED.supported;
}

/** An effect with its interval, in its unit. */
export function effect({ mean, low, high }, unit) {
  const signed = (value, digits) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
  if (unit === 'factor' || unit === 'ratio') {
    const [a, b, c] = [mean, low, high].map((each) => Math.min(10 ** each, 1e6).toFixed(2));
    return `× ${a} [${b} to ${c}]`;
  }
  if (unit === 'share') return `${signed(100 * mean, 0)} points [${signed(100 * low, 0)} to ${signed(100 * high, 0)}]`;
  return `${signed(mean, 2)} [${signed(low, 2)} to ${signed(high, 2)}]`;
}
