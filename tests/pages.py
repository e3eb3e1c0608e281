"""What a browser would make of a page, and what every page must be."""

import re
from html.parser import HTMLParser


class Reader(HTMLParser):
    """What a browser would load and show."""

    def __init__(self, text):
        super().__init__()
        self.loads, self.tags, self.images, self.headings, self.ids = [], set(), [], [], []
        self.words, self._in_heading = [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.add(tag)
        self.ids += [given["id"]] if "id" in given else []
        for name in ("src", "href", "xlink:href", "action", "data", "poster", "srcset"):
            if name in given:
                self.loads.append(given[name])
        self.loads += re.findall(r"url\(([^)]*)\)", given.get("style") or "")
        if tag in ("svg", "img"):
            self.images.append(given.get("aria-label") or given.get("alt") or "")
        self._in_heading = tag in ("h1", "h2")

    def handle_endtag(self, tag):
        if tag in ("h1", "h2"):
            self._in_heading = False

    def handle_data(self, data):
        self.words.append(data)
        if self._in_heading:
            self.headings.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.words).replace("\u00a0", " "))


def read(path, linked=False):
    """Return a page that holds its figures, or links to files in figures/ beside it."""
    text = path.read_text(encoding="utf-8")
    assert len(text) < 5_000_000
    reader = Reader(text)
    beside = [load for load in reader.loads if not load.startswith(("#", "data:"))]
    assert all(load.startswith("figures/") for load in beside) if linked else not beside
    assert not reader.tags & {"script", "iframe", "object", "embed"}
    assert "@import" not in text
    assert "prefers-color-scheme:dark" in text
    assert all(len(alt) > 40 for alt in reader.images)
    assert len(reader.ids) == len(set(reader.ids))
    assert "nan" not in re.split(r"\W+", reader.text.lower())
    return reader
