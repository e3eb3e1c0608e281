"""Figures, tables and reports of results, for the browser: these files, and no others."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from experiments.places import RESULTS
from view.settings import start_settings

KINDS = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".csv": "text/csv",
    ".html": "text/html",
}
POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; font-src data:; "
    "sandbox allow-same-origin allow-downloads"
)
"""A report and a drawing need no scripts, so one that was tampered with can run none; they may load
pictures of this server."""
ARTICLE = "explorer.html"
ARTICLE_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; "
    "script-src 'unsafe-inline' 'wasm-unsafe-eval' data:; sandbox allow-scripts allow-downloads"
)
"""The explorable article runs its own scripts, apart from this server and without a network."""
FRONT = ("index.html", ARTICLE)
"""The pages of all results of a folder, which lie beside them."""


def shelves() -> dict[str, Path]:
    """Return the folders of results that are shown, by the name they have in an address."""
    results = start_settings().results_dir
    return {
        "results": results,
        "runs": results / "runs",
        "published": RESULTS / "published",
    }


def file_at(shelf: str, path: str) -> Path | None:
    """Return a regular file that is shown, of a result or the page of all; None if there is none.

    A link may lead anywhere within its folder of results, and nowhere else.
    """
    root = shelves().get(shelf)
    parts = Path(path).parts
    hidden = any(part.startswith(".") for part in parts)
    if root is None or hidden or (len(parts) < 2 and path not in FRONT):
        return None
    try:
        file = (root / path).resolve()
        inside = file.is_relative_to(root.resolve())
        return file if inside and file.suffix in KINDS and file.is_file() else None
    except (OSError, ValueError, RuntimeError):
        return None


def address(shelf: str, path: str) -> str:
    """Return where the browser finds a file of a result."""
    return f"/files/{shelf}/{quote(path)}"


def send_file(request: Request) -> Response:
    """Answer a request for a file of a result."""
    file = file_at(request.path_params["shelf"], request.path_params["path"])
    if file is None:
        return PlainTextResponse("there is no such file of a result", status_code=404)
    policy = ARTICLE_POLICY if request.path_params["path"] == ARTICLE else POLICY
    headers = {"content-security-policy": policy, "cache-control": "no-cache"}
    return FileResponse(file, media_type=KINDS[file.suffix], headers=headers)
