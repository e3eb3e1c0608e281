"""What MkDocs does beside its own: links that leave docs/, and where the site is published."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
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

    return LINK.sub(outside, markdown)
