"""Pieces of a web page that needs nothing but itself: no script, no font, no network."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from experiments.figures.style import (
    BLUE,
    FAINT,
    GREEN,
    INK,
    LETTERS,
    MUTED,
    ORANGE,
    PAPER,
    PURPLE,
    SKY,
    VERMILION,
)

NARROW = "\u00a0"  # a space at which no line breaks
MOST_DATA = 1_000_000  # characters of a figure's table that the page itself carries
COLOURS = {
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    FAINT: "var(--faint)",
    PAPER: "var(--paper)",
    BLUE: "var(--blue)",
    VERMILION: "var(--vermilion)",
    GREEN: "var(--green)",
    LETTERS[VERMILION]: "var(--vermilion-letters)",
    LETTERS[GREEN]: "var(--green-letters)",
    LETTERS[ORANGE]: "var(--orange-letters)",
    LETTERS[PURPLE]: "var(--purple-letters)",
    LETTERS[SKY]: "var(--sky-letters)",
}
"""Colours of a drawing that follow the page, light or dark."""

STYLE = """
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--muted:#59636e;--faint:#d8dee4;
--tint:#f4f6f8;--accent:#0072b2;--blue:#0072b2;--vermilion:#d55e00;--green:#009e73;
--vermilion-letters:#b84d00;--green-letters:#00734f;--orange-letters:#8f6200;
--purple-letters:#8f3a6e;--sky-letters:#0068a3}
@media (prefers-color-scheme:dark){:root{--paper:#14181d;--ink:#e8ecf0;--muted:#a3adb8;
--faint:#39424c;--tint:#1d232a;--accent:#56b4e9;--blue:#4ea9e6;--vermilion:#f28c3a;--green:#2fc298;
--vermilion-letters:#f28c3a;--green-letters:#2fc298;--orange-letters:#e8b23c;
--purple-letters:#e59cc8;--sky-letters:#5ab4f2}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,
"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1060px;margin:0 auto;padding:1.5rem 1.2rem 4rem}
h1{font-size:1.75rem;line-height:1.25;margin:.4rem 0 .6rem}
h2{font-size:1.25rem;margin:2.6rem 0 .6rem;border-top:1px solid var(--faint);padding-top:1.2rem}
h3{font-size:1.02rem;margin:1.6rem 0 .4rem}
p,ul,ol,dl{max-width:46rem}
.lead{font-size:1.1rem}
.box{background:var(--tint);border-left:4px solid var(--accent);padding:.7rem 1rem;margin:1rem 0;
max-width:none}
.box p{margin:.35rem 0;max-width:none}
.muted,figcaption,caption{color:var(--muted);font-size:.88rem}
a{color:var(--accent)}
figure{margin:1.4rem 0}
figure .drawing{overflow-x:auto}
figure svg,figure img{width:100%;min-width:700px;height:auto;display:block}
figure img{background:#fff}
details{margin:.4rem 0}
summary{cursor:pointer}
.scroll{overflow-x:auto;margin:.8rem 0}
table{border-collapse:collapse;font-size:.86rem;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:.3rem 0}
th,td{padding:.3rem .7rem;border-bottom:1px solid var(--faint);text-align:left;vertical-align:top}
th{font-weight:600;background:var(--tint)}
td.n,th.n{text-align:right;white-space:nowrap}
code,pre{font:.88em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{background:var(--tint);padding:.7rem 1rem;overflow-x:auto}
dt{font-weight:600}dd{margin:0 0 .5rem 1.2rem}
nav.contents{font-size:.9rem;margin:1rem 0}
nav.contents ul{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;margin:.2rem 0;
padding:0;max-width:none}
@media (max-width:600px){main{padding:1rem .9rem 3rem}h1{font-size:1.45rem}
figure svg{min-width:560px}th,td{padding:.3rem .45rem}}
@media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--muted:#444;--faint:#bbb;--tint:#fff;
--accent:#000;--blue:#0072b2;--vermilion:#d55e00;--green:#009e73;--vermilion-letters:#b84d00;--green-letters:#00734f;
--orange-letters:#8f6200;--purple-letters:#8f3a6e;--sky-letters:#0068a3}
body{font-size:10.5pt}main{max-width:none;padding:0}nav,details,figcaption a{display:none}
figure,tr,.box{break-inside:avoid}h2,h3{break-after:avoid}figure svg{min-width:0}
.scroll,figure .drawing{overflow:visible}}
"""


def document(title: str, body: str) -> str:
    """Return a whole page."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n"
        f"<body><main>\n{body}\n</main></body></html>\n"
    )


def write(path: Path, title: str, body: str) -> None:
    """Write a whole page, or leave what was there."""
    written = path.with_name(f".{path.name}.tmp")
    written.write_text(document(title, body), encoding="utf-8")
    written.replace(path)


def escape(text: object) -> str:
    """Return text that a page shows as it is."""
    return html.escape(str(text))


def prose(text: object) -> str:
    """Return text as `escape` does, with numbers kept together with their brackets and units."""
    shown = re.sub(r"\[[^\[\]]{1,24}\]", lambda found: found[0].replace(" ", NARROW), escape(text))
    return re.sub(r"(?<=\d) (?=(%|points?)(?!\w))", NARROW, shown)


def paragraph(text: str, kind: str = "") -> str:
    """Return a paragraph."""
    attribute = f' class="{kind}"' if kind else ""
    return f"<p{attribute}>{prose(text)}</p>"


def listing(items: Sequence[str]) -> str:
    """Return a list; empty if there is nothing to list."""
    return f"<ul>{''.join(f'<li>{prose(item)}</li>' for item in items)}</ul>" if items else ""


def section(title: str, *parts: str) -> str:
    """Return a section; empty if it has no content."""
    content = "\n".join(filter(None, parts))
    name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return f'<section id="{name}"><h2>{escape(title)}</h2>\n{content}</section>' if content else ""


def contents(body: str) -> str:
    """Return links to the sections of a page."""
    found = re.findall(r'<section id="([^"]+)"><h2>(.*?)</h2>', body)
    links = "".join(f'<li><a href="#{name}">{title}</a></li>' for name, title in found)
    return f'<nav class="contents" aria-label="On this page"><ul>{links}</ul></nav>'


def table(frame: pd.DataFrame, caption: str, headers: Mapping[str, str] | None = None) -> str:
    """Return a table of texts and numbers, as they are to be read."""
    headers = headers or {}
    numeric = {c for c in frame if pd.api.types.is_numeric_dtype(frame[c])}

    def cell(tag: str, column: object, value: object) -> str:
        kind = ' scope="col"' if tag == "th" else ""
        kind += ' class="n"' if column in numeric else ""
        missing = value is None or value is pd.NA or value != value
        return f"<{tag}{kind}>{'–' if missing else prose(value)}</{tag}>"

    def header(name: str) -> str:
        return headers.get(name, name if "." in name else name.replace("_", " "))

    head = "".join(cell("th", column, header(str(column))) for column in frame)
    rows = "".join(
        f"<tr>{''.join(cell('td', c, v) for c, v in zip(frame, row, strict=True))}</tr>"
        for row in frame.itertuples(index=False, name=None)
    )
    return (
        f'<div class="scroll" {_scrolled(caption)}><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def details(summary: str, content: str) -> str:
    """Return content that opens on a click."""
    return f"<details><summary>{escape(summary)}</summary>{content}</details>"


def _scrolled(name: str) -> str:
    """Return what lets a keyboard scroll what is wider than the page."""
    return f'tabindex="0" role="group" aria-label="{escape(name)}"'


def figure(name: str, drawn: str | bytes, alt: str, data: pd.DataFrame) -> str:
    """Return a drawing with its description in words and its data to download.

    Parameters
    ----------
    name
        Of its files: figures/NAME.csv.
    drawn
        SVG; or PNG, for what would be too heavy as SVG.
    alt
        The figure in words.
    data
        The table it was drawn from; where it is large, the link leads to its file.
    """
    link = f"figures/{name}.csv"
    text = as_csv(data)
    if len(text) <= MOST_DATA:
        packed = base64.b64encode(text.encode()).decode()
        link = f"data:text/csv;base64,{packed}"
    return (
        f'<figure id="figure-{escape(name)}">{drawing(name, drawn, alt)}<figcaption>'
        f'<a download="{escape(name)}.csv" href="{link}">'
        f"Data of this figure (CSV, {len(data):,} rows)</a>"
        f"{details('The figure in words', f'<p>{prose(alt)}</p>')}</figcaption></figure>"
    )


def as_csv(data: pd.DataFrame) -> str:
    """Return the table of a figure as CSV, to nine digits."""
    return data.to_csv(index=False, float_format="%.9g")


def figures_in(text: str) -> list[str]:
    """Return the names of the figures that a page shows, made by `figure`."""
    return re.findall(r'<figure id="figure-(\w+)">', text)


def drawing(name: str, drawn: str | bytes, alt: str) -> str:
    """Return a drawing, SVG or PNG, as part of a page."""
    if isinstance(drawn, str):
        shown = inline(drawn, name, alt)
    else:
        packed = base64.b64encode(drawn).decode()
        shown = f'<img alt="{escape(alt)}" src="data:image/png;base64,{packed}">'
    return f'<div class="drawing" {_scrolled(name.replace("_", " "))}>{shown}</div>'


def inline(svg: str, name: str, alt: str) -> str:
    """Return a drawing as part of a page: its names made its own, its greys those of the page."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    svg = re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', svg)
    for colour, variable in COLOURS.items():
        svg = svg.replace(colour, variable)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{html.escape(alt)}" ', 1)
