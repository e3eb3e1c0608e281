"""The results page: what there is, its figures and answers, two side by side, worlds to watch.

Plain pages without a script, so that they need no kernel, work with the back button and by
keyboard, and cannot hurt.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from experiments.errors import did_you_mean
from experiments.report.document import Paragraph
from experiments.report.gallery import Gallery
from experiments.report.render import environment, fragment
from experiments.store.layout import StoreError
from view.results_worlds import watched
from view.session import whole_seed
from view.stored_results import StoredResult, address, file_at, stored_results
from view.words import one_line
from view.worlds import world_link

POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
SECTIONS = {
    "results": "Experiments and grids",
    "published": "Published",
    "runs": "Single runs",
    "compared": "Comparisons",
}

FRONT = {
    ("published", "index.html"): "What the study found: the verdict on each claim",
    ("published", "explorer.html"): "The study as an article to play with",
    ("results", "index.html"): "Your results on one page",
}


class Page(NamedTuple):
    """A template and what it shows."""

    template: str
    title: str
    content: dict[str, Any]


def routes() -> list[BaseRoute]:
    """Return the pages' addresses."""
    return [
        Route("/results", _safely(_overview)),
        Route("/results/compare", _safely(_two)),
        Route("/results/{shelf}/{name}", _safely(_one)),
        Route("/results/{shelf}/{name}/worlds/{part}/{number:int}", _safely(_live)),
    ]


@cache
def _templates() -> Environment:
    reports = environment()
    assert reports.loader is not None
    return reports.overlay(loader=ChoiceLoader([reports.loader, PackageLoader("view")]))


def _safely(body: Callable[[Request], Page | Response]) -> Callable[[Request], Response]:
    """Return an answer to a request: a page, or one that says in a line what was wrong with it."""

    def answer(request: Request) -> Response:
        status = 200
        try:
            page = body(request)
            if isinstance(page, Response):
                return page
        except LookupError as problem:
            status, page = 404, _error(str(problem.args[0]))
        except (ValueError, OSError) as problem:
            status, page = 400, _error(one_line(problem))
        template = _templates().get_template(page.template)
        text = template.render(title=page.title, **page.content)
        return HTMLResponse(text, status, {"content-security-policy": POLICY})

    return answer


def notice(title: str, text: str, status: int) -> Response:
    """Return a page that says one thing and leads to the others."""
    template = _templates().get_template("results.html")
    return HTMLResponse(template.render(title=title, error=text, elsewhere=True), status)


def _error(line: str) -> Page:
    return Page("results.html", "Results", {"error": line})


def _overview(request: Request) -> Page:
    """Return the page of all results."""
    known = stored_results()
    sections: dict[str, list[StoredResult]] = {title: [] for title in SECTIONS.values()}
    for stored in known.values():
        sections[SECTIONS["compared" if stored.sides else stored.shelf]].append(stored)
    there = {title: results for title, results in sections.items() if results}
    content = {"front": _front(), "sections": there, "chosen": _choice(known)}
    return Page("results_all.html", "Results", content)


def _front() -> dict[str, str]:
    """Return the pages that stand before all results, with their addresses."""
    return {
        text: address(shelf, name)
        for (shelf, name), text in FRONT.items()
        if file_at(shelf, name) is not None
    }


def _choice(known: dict[str, StoredResult], *chosen: str) -> tuple[list[str], str, str]:
    """Return the results that can be compared, and the two chosen first."""
    offered = [key for key, stored in known.items() if stored.comparable]
    first, second, *_ = [k for k in dict.fromkeys([*chosen, *offered]) if k in offered] + ["", ""]
    return offered, first, second


def _found(key: str, known: dict[str, StoredResult]) -> StoredResult:
    if key not in known:
        raise LookupError(f"no result {key}{did_you_mean(key, known)}")
    return known[key]


def _one(request: Request) -> Page:
    """Return the page of one result."""
    known = stored_results()
    stored = _found("{shelf}/{name}".format(**request.path_params), known)
    content = {
        "stored": stored,
        "chosen": _choice(known, stored.key),
        "watched": None if stored.sides else watched(stored, request.query_params),
    }
    return Page("results_one.html", "Results", content)


def _live(request: Request) -> Response:
    """Lead to the live run of a point of a result."""
    asked = request.path_params
    stored = _found("{shelf}/{name}".format(**asked), stored_results())
    seed = whole_seed(request.query_params.get("seed", ""))
    return RedirectResponse(world_link(stored, asked["part"], asked["number"], seed), 303)


def _two(request: Request) -> Page:
    """Return the page of two results beside each other."""
    known = stored_results()
    keys = [request.query_params.get(name, "") for name in ("a", "b")]
    first, second = (_found(key, known) for key in keys)
    try:
        compared = _comparison(first.folder, second.folder)
    except StoreError as why:  # their own figures are there all the same
        compared = fragment((Paragraph(f"{one_line(why)}.", "error"),), first.folder)
    of_second = {figure.name: figure for figure in second.figures}
    common = [(f, of_second[f.name]) for f in first.figures if f.name in of_second]
    content = {
        "pair": (first, second),
        "chosen": _choice(known, *keys),
        "compared": compared,
        "common": common,
    }
    return Page("results_two.html", f"{first.name} and {second.name}", content)


def _comparison(first: Path, second: Path) -> Markup:
    """Return what came out of comparing the second with the first, as ``momentum compare`` does."""
    from experiments.comparison.compare import Comparison
    from experiments.comparison.page import document_of
    from experiments.comparison.sides import read_sides

    compared = Comparison(read_sides([str(first.resolve()), str(second.resolve())], first.parent))
    command = f"momentum compare {first.name} {second.name}"
    with TemporaryDirectory() as folder:
        document = document_of(compared, Gallery(Path(folder)), command)
        return fragment(document.sections, Path(folder), document.summary)
