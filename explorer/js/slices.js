// Work in small slices, so that the page answers at once. A job is a generator that yields often;
// jobs that matter alike take turns.

const SLICE = 10; // milliseconds, more while the page has nothing else to do
const jobs = [];
let asked = false;

/** Start a job; `urgency` says how soon it matters (0: now). Returns what stops it. */
export function start(job, urgency = () => 1) {
  const entry = { job, urgency };
  jobs.push(entry);
  ask();
  return () => {
    entry.stopped = true;
  };
}

function ask() {
  if (asked || !jobs.length) return;
  asked = true;
  if (window.requestIdleCallback) requestIdleCallback(work, { timeout: 50 });
  else setTimeout(work, 4);
}

function work(idle) {
  asked = false;
  const end = performance.now() + Math.max(SLICE, idle ? idle.timeRemaining() : 0);
  try {
    while (jobs.length && performance.now() < end) {
      const next = jobs.reduce((best, each) => (each.urgency() < best.urgency() ? each : best));
      jobs.splice(jobs.indexOf(next), 1);
      if (!next.stopped && !next.job.next().done) jobs.push(next);
    }
  } finally {
    ask();
  }
}
