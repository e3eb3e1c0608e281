"""The commands, by the names that the command line gives them."""

from experiments.cli import advising, calibrating, looking, running

COMMANDS = {
    "run": running.run,
    "sweep": running.sweep,
    "patterns": running.patterns,
    "advise": advising.advise,
    "calibrate": calibrating.calibrate,
    "status": looking.status,
    "report": looking.report,
    "compare": looking.compare,
    "view": running.view,
    "list": looking.list_all,
    "first-look": running.first_look,
}
