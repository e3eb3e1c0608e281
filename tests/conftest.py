"""Says in words how many slow tests were left out, and what the others had to do without."""

import signal

import pytest

from benchmarks.canonical import PACKAGES, installed
from tests.view.serving import chromium

LEFT_OUT = pytest.StashKey[int]()


def pytest_configure(config):
    config.stash[LEFT_OUT] = 0
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell starts what is in background
        signal.signal(signal.SIGINT, signal.default_int_handler)  # else no test's Ctrl-C is heard


def pytest_report_header():
    absent = [name for name in PACKAGES if name not in installed()]
    return [
        *(
            [f"canonical model not compared in {', '.join(absent)}: not installed"]
            if absent
            else []
        ),
        *([] if chromium() else ["pages not looked at: no Chromium installed"]),
    ]


def pytest_deselected(items):
    for item in items:
        if item.get_closest_marker("slow"):
            item.config.stash[LEFT_OUT] += 1


def pytest_sessionfinish(session):
    # Under xdist only the workers see what is deselected: each reports the same number.
    report = getattr(session.config, "workeroutput", {})
    report["slow_left_out"] = session.config.stash[LEFT_OUT]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    report = getattr(node, "workeroutput", {})
    left_out = report.get("slow_left_out", 0)
    node.config.stash[LEFT_OUT] = max(node.config.stash[LEFT_OUT], left_out)


def pytest_terminal_summary(terminalreporter, config):
    left_out = config.stash[LEFT_OUT]
    if left_out:
        tests = "test" if left_out == 1 else "tests"
        terminalreporter.write_line(f"{left_out} slow {tests} left out; `make test-all` runs them")
