"""The results page: what there is, its figures and answers, two side by side, worlds to watch.

Plain pages without a script, so that they need no kernel, work with the back button and by
keyboard, and cannot hurt.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from experiments.errors import did_you_mean
from experiments.report import page
from experiments.store.result import StoreError
from view.files import address
from view.kept import Kept, all_kept
from view.results_compared import comparison
from view.results_worlds import watched
from view.words import one_line

POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
STYLE = """
nav{display:flex;gap:1.2rem;padding:.8rem 1.2rem;border-bottom:1px solid var(--faint)}
nav strong{margin-right:auto}
main{max-width:1240px}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(19rem,1fr));gap:1rem;padding:0;
list-style:none;max-width:none}
.cards li{border:1px solid var(--faint);border-radius:6px;padding:.8rem 1rem;display:flex;
flex-direction:column;gap:.4rem}
.cards img{width:100%;height:9rem;object-fit:cover;object-position:top;background:#fff}
.cards p{margin:0}
form{display:flex;flex-wrap:wrap;gap:.8rem;align-items:end;margin:1rem 0}
label{display:block;font-size:.88rem;color:var(--muted)}
select,button{font:inherit;padding:.35rem .6rem;border:1px solid var(--muted);border-radius:4px;
background:var(--paper);color:var(--ink);max-width:22rem}
button{background:var(--accent);color:var(--paper);border-color:var(--accent);cursor:pointer}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:1.5rem}
.pair>*{min-width:0}
.pair figure svg{min-width:420px}
figure a svg{cursor:zoom-in}
.maps{display:flex;flex-wrap:wrap;gap:.5rem 2rem}
table.map td{padding:0;text-align:center;border:1px solid var(--paper)}
table.map td a{display:block;padding:.35rem .6rem;color:var(--ink);text-decoration:none;
background:color-mix(in srgb,var(--blue) var(--share),var(--paper))}
table.map td a:hover,table.map td a:focus{text-decoration:underline}
.error{border-left:4px solid var(--vermilion);background:var(--tint);padding:.7rem 1rem}
@media(max-width:900px){.pair{grid-template-columns:1fr}}
"""

SECTIONS = {
    "results": "Experiments and grids",
    "published": "Published",
    "runs": "Single runs",
    "compared": "Comparisons",
}

ICON = '<link rel="icon" href="/static/assets/favicon.svg">'


def routes() -> list[BaseRoute]:
    """Return the pages' addresses."""
    return [
        Route("/results", _safely(_overview)),
        Route("/results/compare", _safely(_two)),
        Route("/results/{shelf}/{name}", _safely(_one)),
    ]


def _safely(body: Callable[[Request], str]) -> Callable[[Request], Response]:
    """Return an answer to a request: a page, or one that says in a line what was wrong with it."""

    def answer(request: Request) -> Response:
        status, title = 200, "Results"
        try:
            content = body(request)
        except LookupError as problem:
            status, content = 404, _error(str(problem.args[0]))
        except (ValueError, OSError) as problem:
            status, content = 400, _error(one_line(problem))
        return HTMLResponse(_document(title, content), status, {"content-security-policy": POLICY})

    return answer


def _document(title: str, body: str) -> str:
    navigation = (
        '<nav aria-label="Pages"><strong>Momentum</strong><a href="/live">Live</a>'
        '<a href="/twin">Twin</a><a href="/results" aria-current="page">Results</a></nav>'
    )
    whole = page.document(f"{title} · Momentum", body)
    whole = whole.replace("</style>", f"{STYLE}</style>{ICON}", 1)
    return whole.replace("<main>", f"{navigation}<main>", 1)


def _error(line: str) -> str:
    return (
        f'<h1>Results</h1><p class="error" role="alert">{escape(line)}</p>'
        '<p><a href="/results">All results</a></p>'
    )


# -- all of them -----------------------------------------------------------------------------------


def _overview(request: Request) -> str:
    known = all_kept()
    if not known:
        return (
            "<h1>Results</h1><p>There are none yet. This makes one:</p>"
            "<pre>momentum sweep experiment=right_momentum</pre>"
        )
    parts = ["<h1>Results</h1>", _choice(known)]
    for title in SECTIONS.values():
        cards = "".join(_card(kept) for kept in known.values() if _section(kept) == title)
        parts.append(page.section(title, f'<ul class="cards">{cards}</ul>' if cards else ""))
    return "\n".join(filter(None, parts))


def _section(kept: Kept) -> str:
    return SECTIONS["compared" if kept.sides else kept.shelf]


def _card(kept: Kept) -> str:
    picture = ""
    if kept.figures:
        source = address(kept.shelf, f"{kept.name}/figures/{kept.figures[0]}.svg")
        picture = f'<img src="{source}" alt="" loading="lazy">'
    date = str(kept.provenance.get("started") or "")[:10]
    return (
        f'<li>{picture}<a href="{_page_of(kept)}"><strong>{escape(kept.name)}</strong></a>'
        f"<p>{escape(kept.question)}</p><p class='muted'>{escape(date)}</p></li>"
    )


def _page_of(kept: Kept) -> str:
    return f"/results/{kept.shelf}/{quote(kept.name)}"


def _choice(known: dict[str, Kept], *chosen: str) -> str:
    """Return the form that chooses two of the results that can be compared, if there are two."""
    offered = [key for key, kept in known.items() if kept.comparable]
    if len(offered) < 2:
        return ""
    first, second = [key for key in dict.fromkeys([*chosen, *offered]) if key in offered][:2]

    def select(name: str, label: str, chosen: str) -> str:
        options = "".join(
            f'<option value="{escape(key)}"{" selected" if key == chosen else ""}>'
            f"{escape(key)}</option>"
            for key in offered
        )
        return (
            f'<div><label for="{name}">{label}</label>'
            f'<select id="{name}" name="{name}">{options}</select></div>'
        )

    return (
        '<form action="/results/compare" aria-label="Compare two results">'
        f"{select('a', 'Compare', first)}{select('b', 'with', second)}"
        "<button>Compare</button></form>"
    )


# -- one -------------------------------------------------------------------------------------------


def _found(key: str, known: dict[str, Kept]) -> Kept:
    if key not in known:
        raise LookupError(f"no result {key}{did_you_mean(key, known)}")
    return known[key]


def _one(request: Request) -> str:
    known = all_kept()
    kept = _found("{shelf}/{name}".format(**request.path_params), known)
    return "\n".join(
        filter(
            None,
            [
                f"<h1>{escape(_title(kept))}</h1>",
                page.paragraph(kept.question, "lead"),
                _box(kept),
                _links(kept),
                _choice(known, kept.key),
                page.section("Figures", *(_figure(kept, name) for name in kept.figures)),
                ""
                if kept.sides
                else page.section("Worlds to watch", watched(kept, request.query_params)),
            ],
        )
    )


def _title(kept: Kept) -> str:
    return kept.name.replace("_", " ").capitalize()


def _box(kept: Kept) -> str:
    lines = []
    for text in kept.report.box:
        name, _, rest = text.partition(". ")
        lines.append(f"<p><strong>{escape(name)}.</strong> {page.prose(rest)}</p>")
    if kept.outcome and not lines:
        grade, week = kept.outcome.get("grade"), kept.outcome.get("emergence_week")
        when = f" in week {week}" if week is not None else ""
        emerged = "A movement emerged" if kept.outcome.get("emerged") else "No movement emerged"
        lines.append(f"<p><strong>{emerged}{when}.</strong> Grade: {escape(str(grade))}.</p>")
    return f'<div class="box">{"".join(lines)}</div>' if lines else ""


def _links(kept: Kept) -> str:
    items = []
    if (kept.folder / "report.html").is_file():
        report = address(kept.shelf, f"{kept.name}/report.html")
        items.append(f'<li><a href="{report}">The whole report</a></li>')
    command = kept.provenance.get("command")
    if command:
        items.append(f"<li>Made by <code>{escape(str(command))}</code></li>")
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _figure(kept: Kept, name: str, prefix: str = "") -> str:
    """Return a figure that follows the page, light or dark, with its description and its files."""
    folder = f"{kept.name}/figures/{name}"
    told = kept.report.figures.get(name) or f"{_title(kept)}: {name.replace('_', ' ')}"
    try:
        drawing = (kept.folder / "figures" / f"{name}.svg").read_text(encoding="utf-8")
        inlined = page.inline(drawing, prefix + name, told)
    except (OSError, ValueError):
        return page.paragraph(f"The figure {name} cannot be read.")
    files = ", ".join(
        f'<a href="{address(kept.shelf, folder + suffix)}">{suffix[1:].upper()}</a>'
        for suffix in (".svg", ".png", ".csv")
        if (kept.folder / "figures" / (name + suffix)).is_file()
    )
    return (
        f'<figure id="figure-{prefix}{escape(name)}"><div class="drawing">'
        f"{inlined}</div><figcaption>{files}"
        f"{page.details('The figure in words', f'<p>{page.prose(told)}</p>')}</figcaption></figure>"
    )


# -- two -------------------------------------------------------------------------------------------


def _two(request: Request) -> str:
    known = all_kept()
    keys = [request.query_params.get(name, "") for name in ("a", "b")]
    first, second = (_found(key, known) for key in keys)
    columns = "".join(
        f'<div><h2><a href="{_page_of(kept)}">{escape(_title(kept))}</a></h2>'
        f"{page.paragraph(kept.question)}</div>"
        for kept in (first, second)
    )
    try:
        compared = comparison(first.folder, second.folder)
    except StoreError as why:  # their own figures are there all the same
        compared = page.paragraph(f"{one_line(why)}.", "error")
    figures = "".join(
        f'<h3>{escape(name.replace("_", " ").capitalize())}</h3><div class="pair">'
        f"{_figure(first, name, 'a-')}{_figure(second, name, 'b-')}</div>"
        for name in first.figures
        if name in second.figures
    )
    return "\n".join(
        [
            f"<h1>{escape(first.name)} and {escape(second.name)}</h1>",
            _choice(known, *keys),
            f'<div class="pair">{columns}</div>',
            compared,
            page.section("The same figure of both", figures),
        ]
    )
