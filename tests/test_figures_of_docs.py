"""Every picture of README and docs is one that ``make docs-figures`` makes."""

import re

from docs.make_figures import IMAGES, MADE_BY, TUTORIALS, names
from tests.blocks import PAGES, ROOT

PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")


def shown():
    return {
        (page.parent / target).resolve()
        for page in PAGES
        for target in PICTURE.findall(page.read_text("utf-8"))
    }


def test_every_picture_shown_is_made_and_every_one_kept_is_shown():
    made = {IMAGES / f"{name}.png" for name in names()}
    assert shown() - made == set()
    assert set(IMAGES.iterdir()) == shown()


def test_a_picture_is_made_in_one_place_only():
    listed = [*MADE_BY.values(), *map(set, TUTORIALS.values())]
    assert len(names()) == sum(map(len, listed))


def test_a_figure_of_a_tutorial_is_named_by_what_its_commands_make():
    for tutorial, figures in TUTORIALS.items():
        text = (ROOT / "docs" / "tutorials" / f"{tutorial}.md").read_text("utf-8")
        for name, figure in figures.items():
            assert f"](../images/{name}.png)" in text
            result = figure.removeprefix("runs/").partition("/")[0]
            assert all(part in text for part in re.split(r"^advice-|-smoke$", result))
