"""What is installed is what is pinned: the tests speak of the versions that users get."""

import re
from importlib.metadata import distributions
from pathlib import Path

PINS = Path(__file__).resolve().parent.parent / "constraints.txt"
OWN = {"coop-momentum", "pip", "setuptools", "wheel"}  # not pinned: ours, and what installs


def normalised(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned():
    """Return the version of each package in constraints.txt."""
    lines = [line.partition("#")[0].strip() for line in PINS.read_text("utf-8").splitlines()]
    pairs = [line.split("==") for line in lines if line]
    return {normalised(name): version for name, version in pairs}


def installed():
    return {normalised(each.name): each.version for each in distributions() if each.name}


def test_what_is_installed_is_pinned():
    pins = pinned()
    different = {
        name: (version, pins.get(name, "no pin"))
        for name, version in installed().items()
        if name not in OWN and pins.get(name) != version
    }
    assert different == {}, "installed, pinned: make clean, then make test, installs what is pinned"


def test_pins_name_no_address():
    assert not re.search(
        r"://|@|-e |--", "\n".join(line for line in PINS.read_text().split("\n") if line[:1] != "#")
    )
