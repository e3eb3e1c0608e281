"""The examples in docstrings are run, and public names are documented and cheap to import."""

import doctest
import importlib
import inspect
import pkgutil
import subprocess
import sys

import pytest

import sim

MODULES = [each.name for each in pkgutil.walk_packages(sim.__path__, "sim.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_right(name):
    module = importlib.import_module(name)
    options = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
    assert doctest.testmod(module, optionflags=options).failed == 0


@pytest.mark.parametrize("name", sim.__all__)
def test_public_names_show_an_example(name):
    assert ">>>" in inspect.getdoc(getattr(sim, name))


def test_reprs_are_short_and_in_a_notebook_a_table():
    run = sim.simulate(sim.Parameters.from_dict({"users.count": 50, "horizon": 60}))
    for each in (run, run.parameters, sim.Parameters()):
        assert len(repr(each)) < 100
    assert eval(repr(run.parameters), {"Parameters": sim.Parameters}) == run.parameters
    html = run._repr_html_()
    assert html.count("<tr>") == len(run.outcome)


def test_importing_the_package_loads_nothing_slow():
    code = "import sys, sim; print(*{'numba', 'numpy', 'mesa', 'pandas'} & sys.modules.keys())"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""
