"""What the help of the commands says, apart from their options, for 80 columns."""

SUMMARY = {
    "run": "one run: its outcome in words, its figure and its weekly table",
    "sweep": "many runs: an experiment, or a grid of values",
    "patterns": "what is known about campaigns, and whether the model shows it",
    "advise": "when to launch and with which argument, for a firm as it stands",
    "calibrate": "which worlds the facts of a case do not rule out",
    "status": "how far a sweep is, seen from another shell",
    "report": "pages that answer the questions of results",
    "compare": "results side by side: what differs, and how sure that is",
    "view": "the browser: watch a movement emerge, look through results",
    "list": "experiments, presets, cases, results and parameters",
    "first-look": "a quick tour: the case, a small sweep, its answer",
}
TOPICS = {
    "cases": "following the record of a real firm, or of your own",
    "networks": "who knows whom, and how to bring your own ties",
    "designs": "which worlds a sweep runs",
    "patterns": "what is known about campaigns",
    "advice": "when to launch, and with which argument",
}
LISTS = ("experiments", "presets", "cases", "executors", "results", "parameters")

USAGE = """\
When does a movement emerge that turns a platform firm into a cooperative of its
users?

usage: momentum COMMAND [NAME=VALUE …]

commands
{commands}

topics
{topics}

momentum COMMAND --help explains a command, momentum help TOPIC a topic.
momentum --completion bash (or zsh, fish) prints what completes names by Tab.
momentum --version prints the version.
""".format(
    commands="\n".join(f"  {name:<12} {text}" for name, text in SUMMARY.items()),
    topics="\n".join(f"  {name:<12} {text}" for name, text in TOPICS.items()),
)

SETTINGS = """\
settings
  NAME=VALUE is a Hydra override. It sets a parameter (momentum list parameters)
  or one of these:

  case=NAME           follow the record of a real case
  case.file=PATH      follow a record of your own
  history.recorded=BOOL, history.price_shift=N, history.threat_shift=N,
  history.frozen_week=N
                      how the record of the case is followed: not at all
                      (false), its price or its threat N weeks later, or all
                      of it as it was in week N
  preset=NAME         a named world
  seed=N              number from which all random draws follow (7)
  results_dir=PATH    the folder of results (results/ of the project)
  name=NAME           the name of the result

  The command line wins over the experiment, the preset, the case and the
  defaults, in this order. A path needs no quotes within quotes; any other value
  with , = ( ) does, as in 'NAME="a,b"'.
"""

USAGES = {
    "run": "momentum run [case=NAME] [preset=NAME] [NAME=VALUE …]",
    "sweep": """\
momentum sweep experiment=NAME [scale=smoke|laptop|full] [NAME=VALUE …]
       momentum sweep NAME=A,B NAME=range(START,STOP,STEP) [replicates=N]
       momentum sweep design=NAME [samples=N] [ranges=RANGES] [replicates=N]""",
    "patterns": "momentum patterns [scale=smoke|laptop|full] [NAME=VALUE …]",
    "advise": "momentum advise case=NAME | case.file=PATH | preset=NAME [NAME=VALUE …]",
    "calibrate": """\
momentum calibrate case=NAME [as_of=DATE] [scale=smoke|laptop|full]
       momentum calibrate case.file=PATH [as_of=DATE] [NAME=VALUE …]""",
    "status": "momentum status [RESULT …] [results_dir=PATH]",
    "report": "momentum report [RESULT …] [figures=paper] [results_dir=PATH]",
    "compare": "momentum compare RESULT RESULT … [name=NAME] [results_dir=PATH]",
    "view": "momentum view [--port N] [--host H] [--open] [case=NAME] [NAME=VALUE …]",
    "list": "momentum list [{lists}]\n                     [WORD] [results_dir=PATH]",
    "first-look": "momentum first-look [results_dir=PATH] [workers=N] [NAME=VALUE …]",
}

DESCRIPTIONS = {
    "run": """\
Runs one world and writes results/runs/NAME/: outcome.json, weekly.csv and
.parquet, figures/timeline.svg and .png, config.yaml, provenance.json. A run of
the same name is replaced.

  momentum run preset=right_momentum
  momentum run case=buytwitter movement.launch_week=100
  momentum run users.count=5000 horizon=300 seed=3

  A run of each of several presets; a small grid, stored as one result:
  momentum run -m preset=distress,threat
  momentum run -m movement.launch_week=20,40

  A run that is saved at the end of week 100, and the same luck from there on
  under another policy:
  momentum run preset=right_momentum save_week=100 name=before
  momentum run resume=before firm.policy=concede
""",
    "sweep": """\
Runs an experiment, or the grid of all values given (range leaves STOP out), and
writes results/NAME/. Stopped at any moment and started again, it goes on where
it was; momentum status shows from another shell how far it is. Values given by
NAME=A,B beside an experiment are crossed with its points.

  momentum sweep experiment=right_momentum scale=smoke
  momentum sweep 'movement.launch_week=range(20,100,10)' replicates=50 name=when
  momentum sweep design=latin_hypercube samples=50 ranges=world replicates=5
  momentum sweep design=csv file=points.csv
""",
    "patterns": """\
Launches campaigns in named worlds and in worlds drawn over the plausible
ranges (momentum sweep experiment=patterns), looks for what is known about
petitions and movements (conf/pattern), and prints where each pattern holds.
Stopped and started again, it goes on where it was. Takes the settings of
momentum sweep.

  momentum patterns
  momentum patterns scale=smoke
  momentum patterns participation.peer_weight=0
""",
    "advise": """\
Says when a movement should be launched and with which argument, for a firm as
it stands: now, in 3, 6, 12, 18 or 24 months, or not at all. Tries seven ways in
which the record may go on, in worlds that are not ruled out. Prints the answer
in five lines and writes a page with the picture. A record of 60 weekly prices
is enough. Stopped and started again, it goes on where it was.

  momentum advise case.file=my_case.csv
  momentum advise case=buytwitter as_of=2016-09-29
  momentum advise preset=distress aim=cooperative
""",
    "calibrate": """\
Runs worlds drawn over the plausible ranges, compares them with the facts of a
case (observed in its file), checks on known worlds what the method can find,
and stores the worlds that the facts do not rule out in
results/calibrate-CASE/calibrated.parquet, with a page that says what the facts
say and what they cannot. Stopped and started again, it goes on where it was.
With as_of=YYYY-MM-DD only facts before that date are fitted.

  momentum calibrate case=buytwitter scale=smoke
  momentum calibrate case.file=my_case.yaml samples=4000
  momentum sweep experiment=robustness worlds=calibrated
""",
    "status": """\
Shows for each result (momentum list results) whether a sweep is running, who
runs it and since when; how many runs are done, failed and left; its rate and
the time left; and what share emerged. Without a name: a line for every result.
""",
    "report": """\
Writes a page that answers the question of each result (momentum list results).
Without a name: a page for each of them, and RESULTS/index.html, the page of
all, with the verdict on every claim.

  momentum report right_momentum
  The figures of a result for a journal, 174 mm wide, as PDF, SVG and PNG of
  600 dpi in results/right_momentum/paper/:
  momentum report right_momentum figures=paper
""",
    "compare": """\
Compares results with the first of them: sweeps, published ones
(published/NAME), single runs (runs/NAME), or paths (momentum list results).
Says what differs in their set-ups and whether they can be compared, takes
differences at the points that they share, with intervals, and writes
results/compare-NAMES/: report.html, figures, provenance.json. A comparison of
the same name is replaced.

  momentum compare right_momentum published/right_momentum
  momentum compare buytwitter-seed7 buytwitter-seed8 name=luck
""",
    "view": """\
Serves pages to browsers on this machine: watch a movement emerge or die, and
look through results. It prints its address; Ctrl-C stops it.

  momentum view
  momentum view case=buytwitter
  momentum view preset=right_momentum users.count=1000 seed=8 --port 8080
""",
    "list": """\
Lists what there is, where WORD occurs in the line: experiments with their
questions, presets, cases, executors and results. Parameters are listed only
when they are asked for: every name that can be set, with default, meaning, unit
and range; WORD may be a group of them, as history or firm.
""",
    "first-look": """\
A quick tour: draws the case, sweeps the main experiment and prints what came
out.
""",
}

EPILOGUES = {
    "run": f"""\
{SETTINGS}
settings of a run
  save_week=N         keep the state at the end of week N too (state.npz)
  resume=NAME         go on from a saved run (or a path); only levers may
                      differ
""",
    "sweep": f"""\
{SETTINGS}
settings of a sweep
  scale=NAME          smoke, laptop (the default) or full: how much of the
                      experiment
  replicates=N        runs of each point; replicate r has the seed seed + r
  workers=N           processes (as many as there are cores)
  time_limit=SECONDS  give up a run that takes longer: it becomes a row with its
                      error
  record_weekly=true  keep every week of every run
  read_facts=true     keep the weeks to which facts of the case belong
  design=NAME         draw worlds: latin_hypercube, sobol, saltelli, morris,
                      one_at_a_time, fractional (with resolution=3, 4 or 5), or
                      csv (with file=PATH)
  samples=N           how many are drawn; trajectories of morris
  ranges=RANGES       what is drawn: world (all that nobody can choose), all,
                      [NAME,NAME] with the ranges declared, or
                      {{NAME:[LOW,HIGH],NAME:null}}; what you set is not drawn
  design_seed=N       the same for the draw of worlds (0)
  fresh_seeds=true    a seed of its own for every point
  worlds=calibrated   draw worlds that momentum calibrate did not rule out where
                      an experiment draws from all ranges
  cases.file=PATH     a table of cases of your own (experiment=cases)
  second_order=true   draw for interactions too (saltelli)
  refine.budget=N     more replicates, up to N runs in all, where the interval
                      of the emergence probability holds 1/2
                      (refine.levels=[0.1,0.5,0.9]) and is wider than ± 0.05
                      (refine.precision=); refine.batch=N: replicates in a
                      round; refine.parts=[NAME]: in these parts only
  executor=NAME       local (the default), dask (executor.address=tcp://… for a
                      scheduler that runs already) or slurm (executor.queue=,
                      .cores=, .memory=, .walltime= …)

keys of an experiment (conf/experiment/NAME.yaml)
  question, claims, case, base, conditions, parts, scales, replicates,
  record_weekly, refine and analyses, the analyses that its report shows;
  docs/sweeps.md explains them.
""",
    "advise": f"""\
{SETTINGS}
settings of advice
  aim=NAME            emergence (the default), recognition (of the vote),
                      conversion (of the firm) or cooperative (of one's own)
  as_of=YYYY-MM-DD    the day of the question: only what is dated before it is
                      used (the day after the last price)
  scale=NAME          smoke, laptop (the default) or full: how many worlds
  samples=N           how many worlds are drawn
  workers=N, time_limit=SECONDS, fresh=true, retry_failed=true
                      as for momentum sweep
""",
    "view": SETTINGS,
}
