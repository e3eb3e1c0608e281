"""What the figures are held against, and what keeps a goal from being reached."""

from __future__ import annotations

from benchmarks.measure import Goal

WEEKS = Goal(
    "≥",
    170.0,
    "The more active the movement, the more news and counts of active neighbours cost; the shares "
    "of the week and what C makes of it are measured below.",
)
EVERYTHING = Goal(
    "≥",
    150.0,
    "Where a movement emerges and lasts, the twin is a second run from the launch on, so that "
    "hardly more than half the speed of the weeks alone can be reached. It ends with its campaign. "
    "Weighing only users whom the campaign reaches would save a quarter of the twin at most.",
)
RUN_IN_SWEEP = Goal(
    "≤",
    1.6,
    "The bound is its weeks, 1.1 ms, and its network, 0.2 ms; the rest is week 0, outcome, twin "
    "and storing. A network and a world's record are checked once, arrays laid in one piece.",
)
SWEEP_OVER_BARE = Goal(
    "≤",
    8.0,
    "Some three seconds of processor time load the program, in the driver and in two workers; the "
    "rest is queue and storing.",
)
TWO_THREADS = Goal(
    "≥",
    1.7,
    "The row *bound* says what two threads could reach (Amdahl). Counts of neighbours scale less, "
    "since each thread reads all changes. Not taken: additions with a lock, lists of counts "
    "exchanged between threads (a third wait a week).",
)
LARGEST_SECONDS = Goal(
    "≤",
    60.0,
    "Network and week 0 are laid by one thread; where a movement emerges, the twin is a second "
    "run. Weeks wait for memory: 73 bytes a user are read each week.",
)
LARGEST_MEMORY = Goal(
    "≤",
    2.0,
    "181 bytes a user are there at the same time: network 72, users 73, what the twin does not "
    "share 32, who joined in each 4. Python and the compiled code take 0.19 GB. The twin is given "
    "up before the outcome is judged, and what need not be kept is not.",
)
FIRST_RUN_EVER = Goal(
    "≤",
    10.0,
    "LLVM takes 40 % of it, Numba's typing and lowering most of the rest. Tried: a function is "
    "compiled once for all its constants, wrappers only for what Python calls. Machine code is "
    "for one processor, so that a cache made elsewhere cannot be shipped.",
)
FIRST_OF_MANY = Goal(
    "≤",
    5.0,
    "One process loads the program (1.4 s), draws 106,000 points (1.6), checks 14,000 worlds (1.4) "
    "and lays them in columns (1.4) before workers may start (1): a sweep is refused as a whole, "
    "or runs. Laid in batches and drawn by column it takes 3 s less than before.",
)
WIDE_C = Goal(
    "≥",
    1.0,
    "Fast mathematics may reorder sums and fuse products; Numba may not, since results are the "
    "same to the bit on every processor. The row *Numba over C, strict* leaves that out.",
)
AGENTPY = Goal(
    "≥",
    1_500.0,
    "The goal was set before anything was measured; the version in AgentPy was profiled, and is "
    "the fastest that was found.",
)
