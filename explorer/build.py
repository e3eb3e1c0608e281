"""Build the explorable article: one HTML file that needs no server, network or installation.

Run from the checkout: ``.venv/bin/python -m explorer.build [PATH]``, or ``make explorer``.
The texts are in ``article.yaml``, their place in ``page.html``; ``js/`` has what runs, as modules
that the page holds as an import map of data URLs.
"""

from __future__ import annotations

import base64
import json
import re
import sys
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from experiments.claims.estimands import estimands
from experiments.claims.verdict import LEAST_REPLICATES, Verdict
from experiments.config.settings import compose
from experiments.files import read_yaml
from experiments.places import RESULTS
from experiments.report.judged import read_claims
from explorer.claims import cards, trials
from explorer.model import build as compiler
from sim.parameters import Parameters, declarations

HERE = Path(__file__).resolve().parent
PUBLISHED = RESULTS / "published"
BOARD = Path("figures") / "verdict_board.csv"
TARGET = PUBLISHED / "explorer.html"
_PARAMETER = re.compile(r"\{([a-z_.]+)(?::([^}]*))?\}")


class Model(NamedTuple):
    """The model that the page holds."""

    script: str  # a JavaScript module that exports `loadModel`
    wasm: bytes


def compiled() -> Model:
    """Compile the model and return it.

    Raises
    ------
    NoCompilerError
        If the compiler is not installed.
    """
    script = (compiler.FOLDER / "model.js").read_text(encoding="utf-8")
    with TemporaryDirectory() as place:
        return Model(script, compiler.wasm(Path(place)).read_bytes())


def page(model: Model, published: Path = PUBLISHED) -> str:
    """Return the article.

    Parameters
    ----------
    model
        What runs in it.
    published
        The folder of results with the board of verdicts.

    Raises
    ------
    FileNotFoundError
        If there is no board of verdicts.
    """
    article = read_yaml(HERE / "article.yaml")
    usual = {"kind": "worlds", "counted": "emerged", "beside": "", "weeks": []}
    article["scenes"] = [usual | scene for scene in article["scenes"]]
    for scene in article["scenes"]:
        scene["paragraphs"] = [sentence(text) for text in scene["text"]]
    known = estimands(read_claims())
    article["claims"]["cards"] = cards(published / BOARD, known, article["claims"]["compared"])
    article["claims"]["guesses"] = [Verdict.SUPPORTED, Verdict.NO_EFFECT, Verdict.CONTRADICTED]
    told = {
        "scenes": {
            scene["name"]: {name: scene[name] for name in ("title", *usual)}
            | {"world": world(scene["world"])}
            for scene in article["scenes"]
        },
        "claims": trials(known) | {"least": LEAST_REPLICATES},
    }
    scripts = {file.stem: file.read_text(encoding="utf-8") for file in (HERE / "js").glob("*.js")}
    scripts["model"] = model.script
    imports = {f"explorer/{name}": _data_url(text) for name, text in sorted(scripts.items())}
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("page.html").render(
        **article,
        style=Markup((HERE / "style.css").read_text(encoding="utf-8")),
        told=_json(told),
        wasm=base64.b64encode(model.wasm).decode(),
        modules=_json({"imports": imports}),
    )


def sentence(text: str) -> Markup:
    """Return a text of the article in which a name in braces is a number to drag, or a choice.

    Raises
    ------
    KeyError
        For a name that is no parameter.

    Examples
    --------
    >>> print(sentence("for {firm.decline_start} weeks"))
    for <span class="number" data-parameter="firm.decline_start">26</span> weeks
    """
    default = Parameters().flat()

    def element(found: re.Match[str]) -> str:
        name, form = found[1], found[2] or ""
        attributes = f' data-parameter="{name}"'
        declared = declarations()[name]
        if declared.metadata["unit"] == "choice":
            kind: Any = type(declared.default)
            options = "".join(_option(each) for each in kind)
            return f"<select{attributes}>{options}</select>"
        value = default[name]
        if form == "%":
            attributes += ' data-form="%"'
            value = f"{100 * value:g} %"
        elif form:
            attributes += f' data-range="{escape(form)}"'
        return f'<span class="number"{attributes}>{value}</span>'

    return Markup(_PARAMETER.sub(element, str(escape(text))))


def world(overrides: list[str]) -> dict[str, Any]:
    """Return what a world, given as on the command line, changes of the default one.

    Examples
    --------
    >>> world(["preset=distress", "users.count=2000"])
    {'firm.decline_rate': 0.01}
    """
    default, chosen = Parameters().flat(), compose(overrides).parameters.flat()
    return {name: value for name, value in chosen.items() if value != default[name]}


def _option(choice: Enum) -> str:
    return f'<option value="{choice.value}">{choice.value.replace("_", " ")}</option>'


def _data_url(script: str) -> str:
    return f"data:text/javascript;base64,{base64.b64encode(script.encode()).decode()}"


def _json(value: Any) -> Markup:
    """Return JSON that can stand inside a script element."""
    return Markup(json.dumps(value, ensure_ascii=False).replace("<", "\\u003c"))


def main(arguments: list[str]) -> int:
    """Write the page; return the exit code."""
    target = Path(arguments[0]) if arguments else TARGET
    try:
        text = page(compiled(), PUBLISHED)
        target.write_text(text, encoding="utf-8")
    except compiler.NoCompilerError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    print(f"{target}: {len(text.encode()) / 1000:.0f} kB; open it in a browser")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
