// An act of the page: a world that starts when it is first looked at, and what other seeds make of it.

import { parts } from 'explorer/elements';
import { differences } from 'explorer/link';
import { start } from 'explorer/slices';
import { Stage } from 'explorer/stage';
import { FIRST } from 'explorer/worlds';

export const RUNNING = 'The worlds are running …';
const RESTS = 150; // milliseconds after a change before the other worlds are run again

/** Calls `act` once, some time after the last call. */
export function later(act) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, RESTS);
  };
}

/** One that extends it says in `work` how the other seeds are run, in `clear` what is forgotten before. */
export class Act {
  constructor(section, lab, world) {
    this.parts = parts(section);
    this.lab = lab;
    this.values = lab.complete(world);
    this.seed = FIRST;
    this.stage = new Stage(section.querySelector('.stage'), lab);
  }

  get changes() {
    return differences(this.lab, this.values);
  }

  /** Start, if it has not been looked at before. */
  open() {
    if (this.opened) return;
    this.opened = true;
    this.stage.set(this.values, this.seed);
    this.stage.play(false);
    this.run();
  }

  /** Run the other seeds, in slices, sooner if the act is in view. */
  run() {
    this.clear();
    this.stop = start(this.work(), () => (this.central ? 0 : 1));
  }
}
