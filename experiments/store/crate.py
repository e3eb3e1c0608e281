"""ro-crate-metadata.json: what a result is, in a form that archives read (RO-Crate 1.2)."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote

from experiments.store import layout
from experiments.store.records import read_record

SPECIFICATION = "https://w3id.org/ro/crate/1.2"
STUDY = {
    "@id": "#study",
    "@type": "CreativeWork",
    "name": (
        "An exploratory analysis of the implementation of cooperatives in social media companies: "
        "Insights from the #BuyTwitter Movement case"
    ),
    "author": [{"@id": "#moermans"}, {"@id": "#weustenraad"}, {"@id": "#zhang"}],
    "publisher": {"@id": "#ku-leuven"},
    "datePublished": "2018",
}
PEOPLE = {
    "#moermans": "V. Moermans",
    "#weustenraad": "J. Weustenraad",
    "#zhang": "J. Zhang",
}
TERMS = (
    "The code that made this result has the MIT licence; the figures of a recorded case have terms "
    "of their own (docs/data.md). Whoever publishes this result names its licence here."
)
CONTENTS = {
    "runs": "a table with a row per run",
    "weekly": "a table with a row per run and week",
    "figures": "the figures, and the tables behind them",
    "paper": "the figures for a journal",
    "calibration": "what the facts of a case tell, and what they cannot",
    layout.CONFIG: "the resolved configuration",
    layout.DESIGN: "what the runs depend on: seed, parameters, digests of the model's sources",
    layout.POINTS: "a row per point: what it sets",
    layout.PROVENANCE: "when and by which versions and commands it was made",
    layout.SUMMARY: "the runs as far as results are compared by them",
    layout.OUTCOME: "the outcome of the run",
    layout.REPORT: "the page that says what was found",
    "report.json": "what the page says, as data",
    "network.json": "the network of the users in figures",
    "weekly.csv": "a row per week",
    "weekly.parquet": "a row per week",
    "calibrated.parquet": "the worlds that the facts do not rule out",
    "state.npz": "the state at the end of a week, from which the run can go on",
}
TYPES = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".npz": "application/zip",
    ".parquet": "application/vnd.apache.parquet",
    ".yaml": "application/yaml",
}


def write_crate(folder: Path) -> None:
    """Describe a result in its folder, by what lies there and by its provenance.

    Nothing is written where there is no provenance.

    Parameters
    ----------
    folder
        Of a sweep, a single run, a comparison or a published result.

    References
    ----------
    RO-Crate 1.2, https://w3id.org/ro/crate/1.2.
    """
    made = read_record(folder / layout.PROVENANCE, missing_ok=True)
    if made:
        text = json.dumps(_crate(folder, made), indent=1, ensure_ascii=False)
        layout.write_file(
            folder / layout.CRATE, lambda file: file.write(f"{text}\n".encode()), durable=False
        )


def _crate(folder: Path, made: dict[str, Any]) -> dict[str, Any]:
    """Return the graph: the result, how it was made, by what, and what it holds."""
    parts = [_part(path) for path in sorted(folder.iterdir()) if path.name in CONTENTS]
    question = (read_record(folder / layout.CONFIG, missing_ok=True).get("experiment") or {}).get(
        "question"
    )
    ended = made.get("ended") or made["started"]
    latest = (made.get("sessions") or [made])[-1]
    versions = latest.get("versions") or {}
    commit = (latest.get("revision") or {}).get("commit")
    result = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"Momentum: {made.get('name') or made['command']}",
        "description": question or f"What {made['command']} came to.",
        "datePublished": ended,
        "license": {"@id": "#terms"},
        "isBasedOn": {"@id": "#study"},
        "hasPart": [{"@id": part["@id"]} for part in parts],
        "mentions": {"@id": "#making"},
    }
    making = {
        "@id": "#making",
        "@type": "CreateAction",
        "name": made["command"],
        "startTime": made["started"],
        "endTime": ended,
        "instrument": {"@id": "#momentum"},
        "result": {"@id": "./"},
    }
    address = _address()
    software = {
        "@id": "#momentum",
        "@type": "SoftwareApplication" if address else "CreativeWork",
        **({"url": address} if address else {}),
        "name": "Momentum (coop-momentum)",
        "version": versions.get("coop-momentum", "not known"),
        "identifier": commit or "not known",
        "softwareRequirements": [f"{name} {number}" for name, number in versions.items()],
    }
    return {
        "@context": f"{SPECIFICATION}/context",
        "@graph": [
            {
                "@id": layout.CRATE,
                "@type": "CreativeWork",
                "conformsTo": {"@id": SPECIFICATION},
                "about": {"@id": "./"},
            },
            result,
            making,
            software,
            {
                "@id": "#terms",
                "@type": "CreativeWork",
                "name": "Terms of use",
                "description": TERMS,
            },
            STUDY,
            *({"@id": key, "@type": "Person", "name": name} for key, name in PEOPLE.items()),
            {"@id": "#ku-leuven", "@type": "Organization", "name": "KU Leuven"},
            *parts,
        ],
    }


def _address() -> str:
    """Return where the project is published, from its metadata; empty: nowhere yet."""
    try:
        given = metadata("coop-momentum").get_all("Project-URL") or [""]
    except PackageNotFoundError:
        return ""
    return given[0].partition(", ")[2]


def _part(path: Path) -> dict[str, Any]:
    """Return the entry of a file or folder; only folders end with a slash."""
    name = quote(path.name)
    about = {"name": path.name, "description": CONTENTS[path.name]}
    if path.is_dir():
        return {"@id": f"{name}/", "@type": "Dataset", **about}
    size = path.stat().st_size
    kind = TYPES[path.suffix]
    return {
        "@id": name, "@type": "File", **about, "encodingFormat": kind, "contentSize": str(size),
    }  # fmt: skip
