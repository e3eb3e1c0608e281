"""What MkDocs does beside its own: links that leave docs/, outputs of the notebook, addresses."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "docs" / "tutorials" / "from_python.ipynb"
CELL = re.compile(r"^```python\n.*?^```\n", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(((?:\.\./)+[^)\s]+)\)")


def on_config(config: Any) -> Any:
    """Fill in the address of the site and of the repository, if a publisher has given them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    urls = project.get("urls", {})
    config["site_url"] = urls.get("Documentation", "")
    config["repo_url"] = urls.get("Repository", "")
    return config


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Let links that leave docs/ lead into the repository, or be plain text."""
    place = (ROOT / "docs" / page.file.src_path).parent

    def outside(match: re.Match[str]) -> str:
        text, target = match.groups()
        aim = (place / target.partition("#")[0]).resolve()
        if aim.is_relative_to(ROOT / "docs"):
            return match[0]
        path = aim.relative_to(ROOT).as_posix()
        if config["repo_url"]:
            return f"[{text}]({config['repo_url']}/blob/main/{path})"
        return text if path in text.replace("`", "") else f"{text} (`{path}`)"

    if page.file.src_path == f"tutorials/{NOTEBOOK.stem}.md":
        cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
        outputs = [cell["outputs"] for cell in cells if cell["cell_type"] == "code"]
        markdown = CELL.sub(lambda cell: cell[0] + shown(outputs.pop(0)), markdown)
    return LINK.sub(outside, markdown)


def shown(outputs: list[dict[str, Any]]) -> str:
    """Return the outputs of a cell of the notebook as Markdown: pictures, and else text."""
    parts = []
    for output in outputs:
        data = output.get("data", {})
        if picture := data.get("image/png"):
            parts.append(f"\n![What the cell draws](data:image/png;base64,{picture.strip()})\n")
        else:
            text = "".join(output.get("text") or data["text/plain"])
            parts.append(f"\n```text\n{text.rstrip()}\n```\n")
    return "".join(parts)
