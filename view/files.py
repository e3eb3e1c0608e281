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
    "sandbox allow-downloads"
)
"""A report and a drawing need no scripts, so one that was tampered with can run none."""


def shelves() -> dict[str, Path]:
    """Return the folders of results that are shown, by the name they have in an address."""
    results = start_settings().results_dir
    return {
        "results": results,
        "runs": results / "runs",
        "published": RESULTS / "published",
    }


def file_at(shelf: str, path: str) -> Path | None:
    """Return a regular file of a result that is shown; None if there is none.

    A link may lead anywhere within its folder of results, and nowhere else.
    """
    root = shelves().get(shelf)
    parts = Path(path).parts
    if root is None or len(parts) < 2 or any(part.startswith(".") for part in parts):
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
    headers = {"content-security-policy": POLICY, "cache-control": "no-cache"}
    return FileResponse(file, media_type=KINDS[file.suffix], headers=headers)
