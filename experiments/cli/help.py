"""What ``momentum --help`` and ``momentum COMMAND --help`` print."""

from __future__ import annotations

USAGE = """\
momentum: when does a movement emerge that turns a platform firm into a cooperative of its users?

usage: momentum COMMAND [NAME=VALUE …]

commands
  run          one run: its outcome in words, its figure and its weekly table
  sweep        many runs: an experiment, or a grid of values
  status       how far a sweep is, from another shell
  report       pages that answer the questions of results, and the page of all
  compare      results side by side: what differs, and how sure that is
  view         the browser: watch a movement emerge, look through results
  list         what there is: experiments, presets, cases, results, parameters
  first-look   a quick tour: the case, a small sweep, its answer

momentum COMMAND --help tells more; momentum --completion bash (zsh, fish) completes names by Tab.
"""

OPTIONS = """\
NAME=VALUE is a Hydra override. It sets any parameter (momentum list parameters) or one of
  case=NAME            follow the record of a real case; case.file=PATH: one of your own
  preset=NAME          a named world
  seed=N               luck; 7 if not given
  results_dir=PATH     folder of results; results/ of the project if not given
  name=NAME            name of the result
The command line wins over the experiment, the preset, the case and the defaults, in this order.
Paths need no quotes within quotes; other values with , = ( ) do, as in 'NAME="a,b"'.
"""

HYDRA = """\
options
  -c, --cfg job        print the resolved configuration and stop (hydra, all: Hydra's own)
  -i, --info [WHAT]    print how Hydra composed it and stop (defaults, searchpath, plugins, …)
  -cd, --config-dir D  look for cases, presets and experiments in folder D too
  -h, --help           print this
"""

HELP = {
    "run": f"""\
usage: momentum run [case=NAME] [preset=NAME] [NAME=VALUE …]

Runs one world and writes results/runs/NAME/: outcome.json, weekly.csv and .parquet,
figures/timeline.svg and .png, config.yaml, provenance.json. A run of the same name is replaced.

  momentum run preset=right_momentum
  momentum run case=buytwitter movement.launch_week=100
  momentum run users.count=5000 horizon=300 seed=3
  momentum run -m preset=distress,threat        a run of each
  momentum run -m movement.launch_week=20,40    a small grid, stored as one result, as by sweep
                                                (not a folder of each value, as by Hydra itself)
  momentum run preset=right_momentum save_week=100 name=before
                                                a run that is saved at the end of week 100 as well
  momentum run resume=before firm.policy=concede      the same luck from there on, another policy

{OPTIONS}
and, for a run,
  save_week=N          keep the state at the end of week N too (state.npz)
  resume=NAME          go on from a saved run (or a path), with other levers if wished

{HYDRA}  -m, --multirun       several values at once
""",
    "sweep": f"""\
usage: momentum sweep experiment=NAME [scale=smoke|laptop|full] [NAME=VALUE …]
       momentum sweep NAME=A,B NAME=range(START,STOP,STEP) [replicates=N] [name=NAME]
       momentum sweep design=NAME [samples=N] [ranges=RANGES] [NAME=A,B] [replicates=N] [name=NAME]

Runs an experiment, or the grid of all values given (range leaves STOP out), and writes
results/NAME/. Stopped at any moment and started again, it goes on where it was; momentum status
tells from another shell how far it is. Values given by NAME=A,B beside an experiment are crossed
with its points.

  momentum sweep experiment=right_momentum scale=smoke
  momentum sweep 'movement.launch_week=range(20,100,10)' replicates=50 name=when
  momentum sweep design=latin_hypercube samples=50 ranges=world replicates=5
  momentum sweep design=csv file=points.csv

{OPTIONS}
and, for a sweep,
  scale=NAME           smoke, laptop (if not given) or full: how much of the experiment
  replicates=N         runs of each point; replicate r has the seed seed + r
  workers=N            processes; as many as there are cores if not given
  time_limit=SECONDS   give up a run that takes longer: it becomes a row with its error
  record_weekly=true   keep every week of every run
  design=NAME          draw worlds: latin_hypercube, sobol, saltelli, morris, one_at_a_time,
                       fractional (with resolution=3, 4 or 5), or csv (with file=PATH)
  samples=N            how many are drawn; trajectories of morris
  ranges=RANGES        what is drawn: world (all that nobody chooses), all, [NAME,NAME] with the
                       ranges declared, or {{NAME:[LOW,HIGH],NAME:null}}; what you set is not drawn
  design_seed=N        luck of the draw; 0 if not given
  refine.budget=N      more replicates, up to N runs in all, where the interval of the emergence
                       probability holds 1/2 (refine.levels=[0.1,0.5,0.9]) and is wider than
                       ± 0.05 (refine.precision=); refine.batch=N: replicates in a round
  --fresh              start anew although runs are stored; they are kept as NAME.old-DATE
                       (fresh=true is the same)
  --retry-failed       do the runs again that failed (retry_failed=true is the same)
  --dry-run            tell how many runs it is, how long they take and their size; write nothing
  executor=NAME        local (if not given), dask (executor.address=tcp://… for a scheduler that
                       runs already) or slurm (executor.queue=, .cores=, .memory=, .walltime= …)

{HYDRA}""",
    "status": """\
usage: momentum status [RESULT …] [results_dir=PATH]

Tells of each result (momentum list results) whether a sweep is running, by whom and since when; how
many runs are done, failed and left; its rate and the time left; and what share emerged. Without a
name: a line for every result.
""",
    "report": """\
usage: momentum report [RESULT …] [results_dir=PATH]

Writes a page that answers the question of each result (momentum list results). If none is named,
of all results; and RESULTS/index.html, the page of all, with the verdict on every claim.
""",
    "compare": """\
usage: momentum compare RESULT RESULT … [name=NAME] [results_dir=PATH]

Compares results with the first of them: sweeps, published ones (published/NAME), single runs
(runs/NAME), or paths (momentum list results). Says what differs in their set-ups and whether they
can be compared, takes differences at the points that they share, with intervals, and writes
results/compare-NAMES/: report.html, figures, provenance.json. A comparison of the same name is
replaced.

  momentum compare right_momentum published/right_momentum
  momentum compare buytwitter-seed7 buytwitter-seed8 name=luck
""",
    "view": f"""\
usage: momentum view [--port N] [--host H [--allow-host NAME]] [--open] [case=NAME] [preset=NAME]
                     [NAME=VALUE …]

Serves the pages in which a movement is watched as it emerges or dies, and results are looked
through, to browsers on this machine. It prints its address; Ctrl-C stops it.

  momentum view
  momentum view case=buytwitter
  momentum view preset=right_momentum users.count=1000 seed=8 --port 8080

{OPTIONS}
options
  --port N             listen on port N (0: any that is free); 8765, or the next free one, if not
                       given
  --host H             listen on H, so that other machines reach it; there is no password
  --allow-host NAME    answer to NAME too, as in http://NAME:8765/; without it the server answers to
                       its addresses and this machine's own name; may be given several times
  --open               open the page in a browser
  -cd, --config-dir D  look for cases and presets in folder D too
  -h, --help           print this
""",
    "list": """\
usage: momentum list [experiments|presets|cases|executors|results|parameters] [WORD]
                     [results_dir=PATH]

Lists what there is, with WORD in its line: experiments with their questions, presets, cases and
results. Parameters are listed only when asked for: with default, range, unit and meaning.
""",
    "first-look": """\
usage: momentum first-look [results_dir=PATH] [workers=N] [NAME=VALUE …]

A quick tour: draws the case, sweeps the main experiment and prints what came out.
""",
}
