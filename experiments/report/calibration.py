"""A calibration in words: what the facts tell, what they cannot, and which of them are missed."""

from __future__ import annotations

from experiments import text
from experiments.calibration.findings import NOTHING, PRODUCT
from experiments.calibration.predictive import POSTERIOR, PRIOR
from experiments.calibration.stored import ABOUT, FOLDER, Stored
from experiments.calibration.table import PUBLIC
from experiments.design.experiment import shipped_experiments
from experiments.figures import calibration as drawing
from experiments.report import calibration_words as words
from experiments.report.calibration_information import information_section
from experiments.report.document import Code, Section, Table, bullets, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from sim.columns import label

COUNTERFACTUALS = "counterfactuals"  # an experiment on one case
MEAN_COVERAGE = (0.85, 0.95)  # between which the mean coverage of 90 % intervals should lie


def fits(found: Findings) -> bool:
    """Return whether a calibration of the result came to its end, in whatever version."""
    return (found.result.path / FOLDER / ABOUT).exists()


def answer(found: Findings) -> str:
    """Return what the facts tell, in a line."""
    return words.calibration_answer(found.result.path)


def surprise(found: Findings) -> str:
    """Return which facts are missed most, in a line."""
    missed = words.missed_facts(words.read_calibration(found.result.path))
    if missed.empty:
        return "Every fact is reached, those that were held out included."
    worst = missed.loc[missed["crps"].idxmax()]
    return f"Furthest from the facts: {words.missed_in_words(worst)}."


def sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the sections on a calibration."""
    return calibration_sections(words.read_calibration(found.result.path), gallery)


def calibration_sections(stored: Stored, gallery: Gallery) -> list[Section]:
    """Return the sections of a calibration, the facts first."""
    return [
        _facts(stored, gallery),
        _told(stored, gallery),
        information_section(stored, gallery),
        _cannot(stored),
        _checks(stored),
    ]


def _facts(stored: Stored, gallery: Gallery) -> Section:
    about, table = stored.about, stored.facts
    missed = [
        f"{text.capitalised(words.missed_in_words(row))}."
        for _, row in words.missed_facts(stored).iterrows()
    ]
    return section(
        "The facts, and worlds run again",
        (
            f"{about['runs']:,} worlds were drawn over the plausible ranges of "
            f"{about['parameters']} parameters; {about['usable']:,} of them show all facts that "
            f"are fitted, and the nearest misses them by {about['nearest']:.1f} errors in the mean "
            f"(root of the mean square). {words.particles_in_words(about)} The worlds not ruled "
            f"out were then run again with new seeds ({about['again']:,} runs), since runs that "
            "were chosen had been lucky. Facts held out had no part in this."
        ),
        gallery.show("calibration_facts", drawing.draw_facts, table),
        Table.of(
            words.fact_rows_of(stored),
            "Bands hold 90 % of the runs that show the fact at all; the score (CRPS) is in units "
            "of the fact's error, 0 is perfect, up to 1 the fact is reached",
        ),
        "Not reached:" if missed else None,
        bullets(missed),
    )


def _told(stored: Stored, gallery: Gallery) -> Section:
    table = stored.parameters
    alone = table[table["parameter"] != PUBLIC]
    rows = [
        {
            "parameter": row["parameter"],
            "meaning": label(row["parameter"]),
            "told": row["told"] + (f", with {row['partner']}" if row["told"] == PRODUCT else ""),
            "90 % of the worlds": f"{words.amount(row['value_low'])} to "
            f"{words.amount(row['value_high'])}",
            "share of the prior's width": text.share(row["width"]),
            "recovered": text.number(row["recovery"]),
        }
        for row in alone.to_dict("records")
    ]
    counted = [
        {
            "fact": row["fact"], "quantity": row["quantity"],
            "drawn": words.span(row, PRIOR), "not ruled out": words.span(row, POSTERIOR),
            "share of the prior's width": text.share(row["width"]),
        }
        for row in stored.products.to_dict("records")
    ]  # fmt: skip
    return section(
        "What the facts tell",
        (
            "A parameter is identified if the facts, and not its range, limit it at both ends. "
            "It is known on one side if its interval ends at one end of the range, and only in a "
            "product if the facts fix it only together with another parameter. The public is "
            "reported with the share of it that takes part: facts count people, the product of "
            "the two."
        ),
        gallery.show("calibration_parameters", drawing.draw_parameters, alone),
        Table.of(counted, "Public, share and people: what is counted is their product"),
        Table.of(
            rows,
            "Parameters, those on which some fact depends most first. The width is that of the "
            "widest of three methods' intervals; recovered: correlation of the middle of the "
            "posterior with the truth, in known worlds near the facts",
        ),
    )


def _cannot(stored: Stored) -> Section:
    """Return what the case cannot decide."""
    table, about = stored.parameters, stored.about
    nothing = table.loc[table["told"] == NOTHING, "parameter"]
    rest = about["parameters"] - len(table)
    its_own = shipped_experiments()[COUNTERFACTUALS]["case"] == about["case"]
    asked = ["robustness", *([COUNTERFACTUALS] if its_own else [])]
    items = [
        f"These facts say nothing about {len(nothing)} of the {len(table)} parameters that are "
        f"followed, nor about the other {rest}, on which they depend less.",
        "A verdict that turns on one of them is not decided by this case: judge it over the worlds "
        "not ruled out, beside the default and all ranges.",
        "Figures that were used as inputs (prices, users, revenue, threat) say nothing here.",
        "The errors of the facts and what is held out are ours, written before the fit; with "
        "other errors other worlds are left.",
    ]
    return section(
        "What the case cannot decide",
        bullets(items),
        (
            "Whether the claims hold in the worlds not ruled out"
            + (
                ", and what would have come of the same campaign in another week or with another "
                "argument:"
                if len(asked) > 1
                else ":"
            )
        ),
        Code("\n".join(f"momentum sweep experiment={name} worlds=calibrated" for name in asked)),
    )


def _checks(stored: Stored) -> Section:
    rows = [
        {
            "method": method, "known worlds": where, "worlds": int(own["worlds"].iloc[0]),
            "mean coverage": text.share(own["coverage"].mean()),
            "lowest to highest": f"{text.share(own['coverage'].min())} to "
            f"{text.share(own['coverage'].max())}",
            "mean width": f"{own['width'].mean():.2f}",
            "ranks not uniform (p < .01)": f"{(own['uniform'] < 0.01).sum()} of {len(own)}",
            "mean recovery": text.number(own["recovery"].mean()),
        }
        for (method, where), own in stored.checks.groupby(["method", "where"], sort=False)
    ]  # fmt: skip
    means = stored.checks.groupby(["method", "where"])["coverage"].mean()
    fine = bool(((means >= MEAN_COVERAGE[0]) & (means <= MEAN_COVERAGE[1])).all())
    verdict = (
        "On average the 90 % intervals hold the truth about as often as they should."
        if fine
        else "The 90 % intervals do not hold the truth as often as they should, so distrust what "
        "is said above about parameters."
    )
    return section(
        "Whether the method can be trusted",
        (
            "Before the facts were looked at, runs of the table were treated as if they were the "
            f"facts, one after the other, and their parameters were estimated. {verdict} The "
            "prior's interval has width .90. To check the particles in this way would take too "
            "long; instead, a parameter counts as identified only if they agree with both methods."
        ),
        Table.of(rows, "Known worlds, found again by two methods"),
    )
