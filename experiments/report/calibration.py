"""The sections on a calibration: what facts tell, what they cannot, and what to measure next."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.calibration.findings import NOTHING, PRODUCT
from experiments.calibration.information import ANSWERS, ROUGH
from experiments.calibration.stored import ABOUT, FOLDER, Stored
from experiments.calibration.table import POSTERIOR, PRIOR, PUBLIC
from experiments.design.experiment import shipped_experiments
from experiments.figures import calibration as drawing
from experiments.report import calibration_words as words
from experiments.report.document import Code, Section, Table, bullets, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from sim.columns import label

COUNTERFACTUALS = "counterfactuals"  # an experiment on one case
MEAN_COVERAGE = (0.85, 0.95)  # between which the mean coverage of 90 % intervals should lie
SHOWN = 10  # quantities of each answer
SURVEY = "a survey of users"
MEASURED = {
    "users": SURVEY, "dissatisfaction": SURVEY, "efficacy": SURVEY,
    "participation": f"{SURVEY}, or an experiment", "persuasion": f"an experiment within {SURVEY}",
    "awareness": "a panel of users", "exit": "a panel of users", "network": "records of ties",
    "media": "records of the press and of posts", "movement": "records of the campaign",
    "threat": "an index", "events": "records of the press",
}  # fmt: skip
"""How a quantity may be measured, by the group of its parameter; the others by `BOOKS`."""

BOOKS = "records of the firm and its shareholders"


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


def measured_by(parameter: str) -> str:
    """Return how a quantity may be measured."""
    return MEASURED.get(parameter.partition(".")[0], BOOKS)


def information_section(stored: Stored, gallery: Gallery) -> Section:
    """Return the section on what to measure next."""
    title, table = "What to measure next", stored.information
    if table.empty:
        return section(
            title,
            "These runs are too few to say what would narrow the answer; a larger scale= does.",
        )
    top = top_of(table)
    top["answer"] = top["answer"].map(ANSWERS)
    return section(
        title,
        (
            "The worlds that are not ruled out disagree. If a quantity were measured, part of the "
            "disagreement would go: by how much the variance of an answer is expected to fall is "
            "the value of that measurement. It is estimated from the runs at hand, for each "
            "quantity by itself. What remains when all are known is luck, which no survey reduces."
        ),
        (
            f"The worlds descend from {stored.about['ancestors']:,} of those drawn. Worlds with a "
            "common ancestor are alike even where no fact requires it, so a quantity may seem to "
            "narrow an answer in which it has no part: values are upper bounds, and do not add up."
        ),
        *(advice_of(table, answer) for answer in table["answer"].unique()),
        gallery.add("calibration_information", drawing.draw_information(top), table),
        Table.of(
            [_row(line) for _, line in top.iterrows()],
            "The quantities that narrow each answer most; since they are chosen among many, they "
            "look better than they are. Measured roughly: with an error of "
            f"{text.share(ROUGH)} of the plausible range",
        ),
    )


def top_of(table: pd.DataFrame) -> pd.DataFrame:
    """Return the quantities that narrow each answer most."""
    ordered = table.sort_values(["answer", "exact"], ascending=[True, False], kind="stable")
    return ordered.groupby("answer", sort=False).head(SHOWN).reset_index(drop=True)


def advice_of(table: pd.DataFrame, answer: str) -> str:
    """Return what to measure for an answer, in a few sentences."""
    own = table[table["answer"] == answer].sort_values("exact", ascending=False)
    sure = own[own["exact_low"] > 0]
    name = text.capitalised(ANSWERS[answer])
    together = text.share(own["together"].iloc[0])
    all_of = f"all quantities together explain {together} of the variance"
    if sure.empty:
        return f"{name}: no single quantity is seen to narrow it; {all_of}."
    first = sure.iloc[0]
    said = f"{name}: {_named(first)} narrows it most, by {_share(first)}; {all_of}."
    asked = sure[sure["parameter"].map(measured_by).str.contains(SURVEY)]
    if asked.empty:
        return f"{said} Nothing that a survey of users can ask is seen to narrow it."
    best = asked.iloc[0]
    if best["parameter"] == first["parameter"]:
        return f"{said} A survey of users can ask that."
    return f"{said} Of what a survey of users can ask: {_named(best)}, by {_share(best)}."


def _named(row: pd.Series) -> str:
    return f"{label(row['parameter'])} ({row['parameter']})"


def _share(row: pd.Series) -> str:
    return text.share(row["exact"], row["exact_low"], row["exact_high"])


def _row(line: pd.Series) -> dict[str, str]:
    return {
        "answer": line["answer"], "quantity": label(line["parameter"]),
        "parameter": line["parameter"], "measured by": measured_by(line["parameter"]),
        "variance falls by": _share(line), "measured roughly": text.share(line["rough"]),
    }  # fmt: skip
