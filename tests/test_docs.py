"""The description of the model is complete, and says what the code declares."""

import ast
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from docs.make_parameters import COMMAND, TARGET, page
from sim.columns import OUTCOMES, Grade
from sim.parameters import declarations
from sim.randomness import Stream
from sim.twin import SOCIAL_INFLUENCE

ROOT = Path(__file__).resolve().parents[1]
ODD = (ROOT / "docs" / "ODD.md").read_text(encoding="utf-8")
SECTIONS = [
    "Purpose and patterns",
    "Entities, state variables and scales",
    "Process overview and scheduling",
    "Design concepts",
    "Initialization",
    "Input data",
    "Submodels",
]
CONCEPTS = [
    "Basic principles",
    "Emergence",
    "Adaptation",
    "Objectives",
    "Learning",
    "Prediction",
    "Sensing",
    "Interaction",
    "Stochasticity",
    "Collectives",
    "Observation",
]
RULES = sorted(p for p in (ROOT / "sim" / "rules").glob("*.py") if p.stem != "__init__")
PAGES = [p for p in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))) if p.exists()]
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) +(.*?) *$", re.MULTILINE)
LINK = re.compile(r"\]\(<?([^()\s<>]+)>?(?: +\"[^\"]*\")?\)")


def headings(text, level):
    """Return the headings of a level, without their numbers; code blocks do not count."""
    found = HEADING.findall(re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    return [re.sub(r"^[\d.]+ +", "", title) for marks, title in found if len(marks) == level]


def section(title):
    """Return the text of one of ODD's seven sections."""
    return re.split(r"^## .*$", ODD, flags=re.MULTILINE)[SECTIONS.index(title) + 1]


def anchors(text):
    """Return the names under which headings can be linked to, as GitHub makes them."""
    titles = [title for _, title in HEADING.findall(text)]
    plain = [re.sub(r"\[(.*?)\]\(.*?\)", r"\1", title).lower() for title in titles]
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in plain}


def targets(text):
    return [target for target in LINK.findall(CODE.sub("", text)) if "://" not in target]


def public_functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [name for name in names if not name.startswith("_")]


def test_parameters_page_is_what_the_declarations_give():
    assert TARGET.read_text(encoding="utf-8") == page(), f"out of date: run {COMMAND}"


def test_parameters_page_names_every_parameter_once():
    rows = re.findall(r"^\| `([\w.]+)` \|", page(), re.MULTILINE)
    assert rows == list(declarations())


def test_parameters_page_says_how_it_is_made():
    assert COMMAND in page().splitlines()[3]


def test_every_row_of_the_parameters_page_has_eight_cells():
    rows = [line for line in page().splitlines() if line.startswith("| `")]
    assert {len(re.split(r"(?<!\\)\|", row)) for row in rows} == {10}


def test_odd_has_the_seven_sections_in_order():
    assert headings(ODD, 2) == SECTIONS


def test_odd_discusses_the_eleven_design_concepts_in_order():
    assert headings(section("Design concepts"), 3) == CONCEPTS


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_submodels_describe_every_rule(path):
    submodels = section("Submodels")
    assert f"](../sim/rules/{path.name})" in submodels
    functions = public_functions(path)
    assert functions
    missing = [name for name in functions if f"{path.stem}.{name}" not in submodels]
    assert missing == []


def test_odd_says_where_every_parameter_acts():
    missing = [name for name in declarations() if not re.search(rf"\b{name}\b", ODD)]
    assert missing == []


def test_odd_names_no_parameter_that_does_not_exist():
    groups = {name.partition(".")[0] for name in declarations() if "." in name}
    files = {path.stem for path in RULES}
    known = set(declarations()) | {
        f"{path.stem}.{name}" for path in RULES for name in public_functions(path)
    }
    dotted = set(re.findall(rf"(?<![\w/.])((?:{'|'.join(groups | files)})\.\w+)", ODD))
    assert {name for name in dotted if not name.endswith(".py")} - known == set()


def test_findings_name_every_parameter_that_comes_from_the_case():
    findings = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
    sources = {name: field.metadata["source"] for name, field in declarations().items()}
    taken = [
        name for name, source in sources.items() if source.startswith(("Twitter", "#BuyTwitter"))
    ]
    assert taken
    assert [name for name in taken if f"`{name}`" not in findings] == []


def test_odd_lists_every_stream_with_its_number():
    missing = [s.name for s in Stream if f"`{s.name}` ({s.value})" not in ODD]
    assert missing == []


def test_odd_defines_the_twin_as_the_code_does():
    twin = re.search(r"\*\*The twin\*\*.*?at 0: (.*?)\. ", ODD, re.DOTALL)
    assert set(re.findall(r"`([\w.]+)`", twin[1])) == {
        f"{group}.{name}" for group, name in SOCIAL_INFLUENCE
    }


def test_odd_names_every_neighbouring_definition():
    definitions = section("Submodels").partition("**Neighbouring definitions.**")[2]
    named = set(re.findall(r"`((?:emerged|spell)_\w+)`", definitions.partition("\n**")[0]))
    assert named == {name for name in OUTCOMES if name.startswith(("emerged_", "spell_"))}


def test_odd_explains_every_grade_in_order():
    grades = section("Submodels").partition("**Grades**")[2].partition("\n\n")[0]
    places = [grades.find(f"*{grade.name.lower()}*") for grade in Grade]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("claim", [f"C{number}" for number in range(1, 11)])
def test_odd_says_how_every_claim_may_fail(claim):
    assert re.search(rf"^\| {claim} ", section("Purpose and patterns"), re.MULTILINE)


def test_every_submodel_says_which_claims_it_bears_on():
    submodels = re.split(r"^### .*$", section("Submodels"), flags=re.MULTILINE)[1:]
    assert len(submodels) > 10
    assert ["\n**Claims.** " in submodel for submodel in submodels] == [True] * len(submodels)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_relative_links_resolve(path):
    broken = []
    for target in targets(path.read_text(encoding="utf-8")):
        name, _, anchor = unquote(target).partition("#")
        if name.startswith(("mailto:", "/")):
            continue
        aim = (path.parent / name).resolve() if name else path
        to_heading = bool(anchor) and aim.suffix == ".md"
        if not aim.exists() or (to_heading and anchor not in anchors(aim.read_text("utf-8"))):
            broken.append(target)
    assert broken == []


def test_a_broken_link_would_be_found():
    text = "[a](missing.md) [b](<x y.md>) `[c](code.md)` ![d](figure.png) [e](https://a.b/c)"
    assert targets(text) == ["missing.md", "figure.png"]
    assert "71-environment--simrules" in anchors("### 7.1 Environment — [sim/rules](x)")
