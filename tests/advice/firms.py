"""Invented firms: sixty weekly prices, and what is planted in them."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np

START = date(2024, 1, 5)
WEEKS = 60
LAST = START + timedelta(weeks=WEEKS - 1)

FIRM = {
    # a public of 2,000 people who decide sharply, so that what is planted decides
    "users.people_per_agent": 5, "participation.cost_sd": 0.15, "participation.steepness": 12,
    "participation.cost_mean": 1.0, "participation.available": 0.2, "media.launch_gain": 5,
    "media.luck": 0, "awareness.media_reach": 0.3, "dissatisfaction.speed": 0.2,
    "participation.dissatisfaction_weight": 1.5, "movement.organisers": 30,
}  # fmt: skip

WAIT = FIRM | {  # discontent comes only after nine months
    "dissatisfaction.base": 0.05, "dissatisfaction.ramp_size": 0.9,
    "dissatisfaction.ramp_start": WEEKS + 40, "dissatisfaction.ramp_duration": 20,
}  # fmt: skip
BEGIN = FIRM | {"dissatisfaction.base": 0.05, "events.scandal_effect": 0.9}
SCANDAL = f"{LAST},{{price}},scandal,all data sold,1.0,26"  # fades from now on
NO_MATTER = FIRM | {
    "dissatisfaction.base": 0.95, "participation.cost_mean": 0.3, "emergence.petition": 100,
    "exit.leave_rate": 0, "participation.organising_premium": 0,
}  # fmt: skip


def prices(weeks=WEEKS, seed=0):
    """Return a random walk of weekly prices."""
    steps = np.random.default_rng(seed).normal(0, 0.04, weeks - 1)
    return 20 * np.exp(np.concatenate([[0.0], np.cumsum(steps)]))


def write_csv(folder, name="firm", weeks=WEEKS, scandal=False):
    """Write a case of weekly prices, perhaps with a scandal in the last week; return its path."""
    lines = ["date,price,event,label,size,half_life"]
    for week, price in enumerate(prices(weeks)):
        lines.append(f"{START + timedelta(weeks=week)},{price:.2f},,,,")
    if scandal:
        lines[-1] = SCANDAL.format(price=f"{prices(weeks)[-1]:.2f}")
    path = Path(folder) / f"{name}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def words(path, folder, parameters, samples):
    """Return the command line that asks about a firm."""
    return [
        f"case.file={path}", f"results_dir={folder}", f"samples={samples}", "workers=1",
        "users.count=400", *(f"{name}={value}" for name, value in parameters.items()),
    ]  # fmt: skip
