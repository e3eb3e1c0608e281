"""Reports as data: what is written is read back, and a page shows what the tree says."""

import re
from dataclasses import replace
from html import unescape
from typing import get_args
from xml.etree import ElementTree

import pandas as pd
import pytest

from experiments.figures import style
from experiments.figures.layout import finish
from experiments.report import document as nodes
from experiments.report.document import Document, read_document, section, write_document
from experiments.report.gallery import Gallery
from experiments.report.render import COLOURS, environment, inline, page, prose, write_page
from tests.figures.test_figures import svg_of
from tests.pages import Reader, read

FRAME = pd.DataFrame({"a_b": [1.0, float("nan")], "x.y_z": ["<i>", None]})
SAID = "What is drawn here is a line of two points, and what it means is of no importance at all."


@style.styled
def drawing():
    figure = style.new_figure(2)
    figure.subplots().plot([0, 1], [0, 1])
    finish(figure, "A line", words=SAID)
    return figure


@pytest.fixture
def written(tmp_path):
    """A document with a node of every kind."""
    figure = Gallery(tmp_path).add("line", drawing(), FRAME)
    parts = (
        nodes.Heading("Heading <1>", "there"),
        nodes.Bullets(("one <b>", "two")),
        nodes.Code("momentum <run>"),
        nodes.Facts((("Begun", "then"),)),
        nodes.Links("Ways", (nodes.Link("elsewhere", "#there"),)),
        nodes.details("More", nodes.Table.of(FRAME, "A caption")),
        figure,
    )
    title = nodes.Paragraph("With +3 points [+1 to +5] in 20 % of runs.", label="The answer")
    found = Document("A <title>", "Why & when?", (title,), (section("First one", *parts),), "line")
    write_document(tmp_path / "report.json", found)
    return found


def test_the_document_has_every_kind_of_node(written):
    kinds = set(get_args(get_args(nodes.Node.__value__)[0]))
    assert {type(node) for node in written.nodes()} == kinds


def test_what_is_written_is_read_back(written, tmp_path):
    assert read_document(tmp_path / "report.json") == written


@pytest.mark.parametrize(
    "damaged",
    ["", "{}", "[1]", '{"title": 1}', "\0", '{"title": "' + "[" * 10_000, "null"],
)
def test_what_is_no_report_is_none(tmp_path, damaged):
    (tmp_path / "report.json").write_text(damaged)
    assert read_document(tmp_path / "report.json") is None
    assert read_document(tmp_path / "nowhere.json") is None


@pytest.mark.parametrize("file", ["../../secret", "/etc/passwd", "figures/../../x", ""])
def test_a_figure_lies_beside_its_report(written, tmp_path, file):
    outside = replace(written.figures["line"], file=file)
    write_document(tmp_path / "report.json", Document("", "", (outside,), ()))
    assert read_document(tmp_path / "report.json") is None


def test_the_page_shows_what_the_tree_says(written, tmp_path):
    write_page(tmp_path / "report.html", written)
    shown = read(tmp_path / "report.html")
    assert shown.headings == ["A <title>", "First one"]
    for text in ("Why & when?", "Heading <1>", "one <b>", "momentum <run>", "elsewhere", "<i>"):
        assert text in shown.text
    assert "The answer. With +3 points [+1 to +5] in 20 % of runs." in shown.text
    assert shown.images == [SAID]
    assert {"there", "first-one", "figure-line"} <= set(shown.ids)
    assert "#first-one" in shown.loads


def test_a_figure_that_is_gone_costs_only_itself(written, tmp_path):
    for path in (tmp_path / "figures").iterdir():
        path.unlink()
    assert "The figure line cannot be read" in page(written, tmp_path)


def test_a_heavy_drawing_is_shown_as_png(written, tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.report.render.HEAVY", 100)
    text = page(written, tmp_path)
    assert 'src="data:image/png;base64,' in text
    assert Reader(text).images == [SAID]


def test_a_page_may_link_to_the_files_of_its_figures(written, tmp_path):
    write_page(tmp_path / "report.html", written, linked=True)
    shown = read(tmp_path / "report.html", linked=True)
    assert shown.images == [SAID]
    assert {"figures/line.png", "figures/line.csv"} <= set(shown.loads)


def test_a_page_links_to_no_table_that_is_too_large_to_publish(written, tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.report.render.MOST_ROWS", 0)
    write_page(tmp_path / "report.html", written, linked=True)
    assert "figures/line.csv" not in read(tmp_path / "report.html", linked=True).loads


def test_sections_and_lists_without_content_are_left_out():
    found = section("Here", nodes.bullets([]), None, nodes.Paragraph("Something."))
    assert found.parts == (nodes.Paragraph("Something."),)


def test_a_table_shows_what_is_missing_and_which_columns_are_numbers():
    table = nodes.Table.of(FRAME.rename(columns={"a_b": "the_share"}), "A caption")
    assert table.columns == (nodes.Column("the share", True), nodes.Column("x.y_z"))
    assert table.rows == (("1.0", "<i>"), ("–", "–"))


def test_numbers_are_kept_together():
    text = prose("+3 points [+1 to +5] in 20 % of runs")
    assert text == "+3\u00a0points [+1\u00a0to\u00a0+5] in 20\u00a0% of runs"


def test_a_drawing_on_a_page_has_its_own_names_and_colours():
    alt = 'what it shows: "a" & <b>'
    shown = inline(svg_of(drawing()), "effects", alt)
    root = ElementTree.fromstring(shown)
    assert root.get("role") == "img"
    assert root.get("aria-label") == alt
    names = [node.get("id") for node in root.iter() if node.get("id")]
    assert names
    assert all(name.startswith("effects-") for name in names)
    for node in root.iter():
        for key, value in node.attrib.items():
            if key.endswith("href"):
                assert value.removeprefix("#") in names
    assert "var(--ink)" in shown
    assert style.INK not in shown
    assert "http" not in shown.replace("http://www.w3.org/", "")


def test_what_is_written_in_colour_can_be_read_on_paper_and_on_a_dark_page():
    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    def contrast(letters, ground):
        low, high = sorted((luminance(letters), luminance(ground)))
        return (high + 0.05) / (low + 0.05)

    written = [*style.LETTERS.values(), style.BLUE, style.INK, style.MUTED]
    assert min(contrast(colour, style.PAPER) for colour in written) >= 4.5
    css = unescape(environment().get_template("style.css").render())
    light, dark = css.partition("@media (prefers-color-scheme:dark)")[::2]
    for scheme in (light, dark.partition("*{")[0]):
        colours = dict(
            re.findall(r"(--[a-z-]+):(#[0-9a-f]{6})", scheme.replace("#fff;", "#ffffff;"))
        )
        for colour in written:
            name = COLOURS[colour].removeprefix("var(").removesuffix(")")
            assert contrast(colours[name], colours["--paper"]) >= 4.5, name
