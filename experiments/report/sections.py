"""Which sections tell what was found in a result."""

from __future__ import annotations

from experiments.figures.gallery import Gallery
from experiments.report.factorial import factorial_sections
from experiments.report.findings import Findings
from experiments.report.grid import grid_section
from experiments.report.launches import launch_section


def found_sections(found: Findings, gallery: Gallery) -> list[str]:
    """Return the sections that fit the result."""
    if found.runs.empty or found.is_of_claims:
        return []
    if found.factorials:
        return factorial_sections(found, gallery)
    if found.launches:
        return [launch_section(found, gallery)]
    return [grid_section(found, gallery)]
