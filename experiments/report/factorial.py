"""A factorial of conditions: which combinations are enough, and what each condition does."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.analysis import effects, words
from experiments.analysis.critical_cost import COST
from experiments.analysis.how_many import by_set, how_many
from experiments.analysis.minimal_sets import CUT_OFFS, MOST_CONDITIONS, minimal_sets
from experiments.analysis.tables import CONDITION, part
from experiments.analysis.truth_table import CUT_OFF, necessity_and_sufficiency
from experiments.report import phrases
from experiments.report.document import (
    Heading,
    Node,
    Paragraph,
    Section,
    Table,
    bullets,
    details,
    section,
)
from experiments.report.findings import Findings, intervals
from experiments.report.gallery import Gallery
from sim.parameters import Origin

MOST = 3  # conditions named in a line
CAPTION_TRUTH = (
    "A row a combination of conditions; the interval decides whether it counts as enough"
)
CAPTION_PAIRS = "What two conditions do together beyond the sum of what each does"


def factorial_sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the sections on a factorial."""
    return [
        *_how_many_section(found, gallery),
        _combinations_section(found, gallery),
        _effects_section(found, gallery),
    ]


def factorial_answer(found: Findings) -> str:
    """Return how many conditions it takes, and which changes most."""
    sentences = []
    if found.costs is not None and (by_cost := words.by_cost_short(found.costs)):
        sentences.append(f"{phrases.capitalised(by_cost)} ({found.cost}).")
    elif len(found.three) > 1:
        table = how_many(found.truth, found.three)
        sentences += words.sufficiency(table, found.three, found.labels)[:2]
    if found.largest is not None:
        change = text.points(*found.largest[["effect", "low", "high"]])
        name = found.label(found.largest["condition"])
        sentences.append(f"The condition that changes most is {name}: {change}.")
    return " ".join(sentences) or "There are too few runs for an answer."


def factorial_surprise(found: Findings) -> str:
    """Return what speaks most against the claims, by a fixed order.

    First a condition that lowers emergence although a claim says it raises it; then one that makes
    no material difference although a claim says it does; then one condition that is enough alone
    although claim C4 says none is; then the conditions about which these runs do not decide.
    """
    table = found.effects[found.effects["condition"].isin(words.CLAIM_OF)]
    told = {
        row.condition: f"{found.label(row.condition)} {{}}: "
        f"{text.points(row.effect, row.low, row.high)}"
        for row in table.sort_values("effect").itertuples()
    }
    for verdict, say in (
        ("lowers", "lowers emergence, although claim {} says that it favours it"),
        ("no material effect", "makes no material difference, although claim {} says that it does"),
    ):
        names = table.loc[table["verdict"] == verdict, "condition"]
        texts = [told[name].format(say.format(words.CLAIM_OF[name])) for name in names]
        if verdict != "lowers":
            texts += _attention(found)
        if texts:
            return f"{'; '.join(texts)}."
    if len(found.three) > 1:
        settings = how_many(found.truth, found.three)
        alone = settings[(settings["needed"] <= 1).fillna(False)]
        if len(alone):
            return (
                f"In {len(alone)} of {len(settings)} settings of the other conditions one of "
                f"{text.joined(found.three)} is enough alone ({alone['sets'].iloc[0]}), although "
                "claim C4 says that none is."
            )
    names = table.loc[table["verdict"] == "undecided", "condition"]
    if len(names):
        texts = [told[name].replace(" {}:", "") for name in names]
        which = (
            "; ".join(texts) if len(texts) <= MOST else f"{len(texts)} of {len(table)} conditions"
        )
        return f"No claim is contradicted by these runs; undecided: {which}."
    return "None: every condition does here what the claims say."


def _attention(found: Findings) -> list[str]:
    """Return that lost trust draws no attention, if so."""
    row = found.attention
    if row is None or not row["high"] < effects.MATERIAL:
        return []
    change = text.number(row["difference"], row["low"], row["high"], sign=True)
    name = found.label(words.TRUST)
    begun = found.parameters["movement.origin"] == Origin.ENDOGENOUS.value
    where = " where users begin by themselves" if begun else ""
    return [
        f"{name} makes no material difference to the attention of the media{where}, although claim "
        f"C5, which is judged by planned campaigns (experiment trust), says that it does: {change} "
        "(0 to 1)"
    ]


def _how_many_section(found: Findings, gallery: Gallery) -> list[Section]:
    if len(found.three) < 2:
        return []
    runs = part(found.runs, found.factorials[0])
    sets = by_set(runs, found.three, found.effects["condition"].tolist())
    parts: list[Node] = [Paragraph(words.by_number(sets))]
    if found.costs is not None:
        from experiments.figures import critical_costs

        of_costs = part(found.runs, found.cost_parts[0])
        tried = float(of_costs[COST].min()), float(of_costs[COST].max())
        default = float(found.parameters[COST])
        parts += [
            Paragraph(f"{words.by_cost(found.costs)} The cost is {found.cost}.{_held_off(found)}"),
            gallery.add(
                "critical_costs",
                critical_costs.draw(found.costs, tried, default),
                critical_costs.describe(found.costs),
                found.costs,
            ),
            *map(Paragraph, words.conjunction(found.conjunction)),
        ]
    parts.append(
        Heading(f"At a cost of {text.number(found.parameters[COST])}, by the other conditions")
    )
    parts.append(
        Paragraph(
            f"Counting a set of conditions as enough if the runs make sure (95 % interval) that a "
            f"movement emerges in at least {100 * CUT_OFF:.0f} % of runs, whatever else of "
            f"{text.joined(found.three)} holds besides:"
        )
    )
    table = how_many(found.truth, found.three)
    parts.append(bullets(words.sufficiency(table, found.three, found.labels)))
    half = how_many(found.truth, found.three, CUT_OFFS[0])
    parts.append(Paragraph(f"With {100 * CUT_OFFS[0]:.0f} % of runs as the cut-off:"))
    parts.append(bullets(words.sufficiency(half, found.three, found.labels, CUT_OFFS[0])))
    told = pd.DataFrame(
        {
            "conditions": sets["set"],
            "runs with a movement": [text.share(*row) for row in intervals(sets, "share")],
        }
    )
    parts.append(Table.of(told, "Averaged over all settings of the other conditions"))
    return [section("When one, two or all three are enough", *parts)]


def _held_off(found: Findings) -> str:
    """Return which conditions the runs at several costs lack."""
    of_costs = part(found.runs, found.cost_parts[0])
    others = [c for c in found.effects["condition"] if not of_costs[f"{CONDITION}{c}"].any()]
    if not others:
        return ""
    return (
        f" In the runs at several costs, {text.joined([found.label(c) for c in others])} are off."
    )


def _combinations_section(found: Findings, gallery: Gallery) -> Section:
    from experiments.figures import factorial

    truth = found.truth
    parts: list[Node] = [
        gallery.add(
            "factorial",
            factorial.draw(truth, found.labels),
            factorial.describe(truth, found.labels),
            truth,
        )
    ]
    conditions = found.effects["condition"].tolist()
    if len(conditions) <= MOST_CONDITIONS:
        minimal = minimal_sets(truth)
        chosen = minimal[minimal["chosen"].astype(bool)]
        rows = [
            {
                "cut-off": f"{100 * cut:.0f} %",
                "minimal combinations that suffice": "; or ".join(group["combination"])
                if len(group)
                else "none is sure to reach it",
                "smallest share among their rows": text.share(group["smallest_share"].min())
                if len(group)
                else "–",
            }
            for cut in CUT_OFFS
            for group in [chosen[chosen["cut_off"] == cut]]
        ]
        parts.append(Heading("Minimal combinations that suffice"))
        parts.append(
            Table.of(
                pd.DataFrame(rows),
                "By Boolean minimisation of the truth table; “no X” means that X must be absent",
            )
        )
    sets = necessity_and_sufficiency(truth)
    single = sets[sets["size"] == 1]
    rows = [
        {
            "condition": found.labels.get(str(row["set"]), row["set"]),
            "sufficient: smallest share with it": text.share(
                row["sufficiency"], row["sufficiency_low"], row["sufficiency_high"]
            ),
            "necessary: largest share without it": text.share(
                row["necessity"], row["necessity_low"], row["necessity_high"]
            ),
        }
        for _, row in single.iterrows()
    ]
    parts.append(
        Table.of(
            pd.DataFrame(rows),
            "Enough by itself if the first is near 100 %; indispensable if the second is near 0 %",
        )
    )
    columns = [*conditions, "runs", "successes"]
    full = truth[columns].assign(
        share=[text.share(*row) for row in intervals(truth, "share")],
        outcome=truth["outcome"].astype("string").fillna("undecided"),
    )
    parts.append(details("The whole truth table", Table.of(full, CAPTION_TRUTH)))
    return section("Every combination", *parts)


def _effects_section(found: Findings, gallery: Gallery) -> Section:
    from experiments.figures import effects as drawing

    runs = part(found.runs, found.factorials[0])
    conditions = found.effects["condition"].tolist()
    parts: list[Node] = [
        bullets(words.effects(found.effects, found.labels)),
        gallery.add(
            "effects",
            drawing.draw(found.effects, found.labels),
            drawing.describe(found.effects, found.labels),
            found.effects,
        ),
    ]
    definitions = effects.by_definition(runs, conditions)
    wide = definitions.assign(
        told=[text.points(*row) for row in intervals(definitions, "effect")]
    ).pivot(index="condition", columns="definition", values="told")
    wide = wide.loc[found.effects["condition"], definitions["definition"].unique()]
    parts.append(
        Table.of(
            wide.reset_index(), "The same effects under other definitions of emergence (points)"
        )
    )
    pairs = effects.interactions(runs, conditions)
    if len(pairs):
        told = pd.DataFrame(
            {
                "conditions": pairs["first"] + " × " + pairs["second"],
                "together beyond their sum": [text.points(*r) for r in intervals(pairs, "effect")],
                "verdict": pairs["verdict"],
            }
        ).loc[pairs["effect"].abs().sort_values(ascending=False).index]
        parts.append(details("Interactions of pairs of conditions", Table.of(told, CAPTION_PAIRS)))
    parts += _odds(found, gallery, runs)
    parts += _leakage(found, runs)
    return section("What each condition does", *parts)


def _odds(found: Findings, gallery: Gallery, runs: pd.DataFrame) -> list[Node]:
    """Return the same on the scale of odds, with all pairs at once."""
    from experiments.analysis.logistic import logistic
    from experiments.figures import log_odds

    table = logistic(runs, found.effects["condition"].tolist())
    if not len(log_odds.in_order(table)):
        return []
    drawn = log_odds.draw(table, found.labels)
    return [
        Heading("The same on the scale of odds"),
        Paragraph(
            "Shares can hardly rise where they are near 100 % anyway; odds can. So a pair may do "
            "less than its sum on one scale and more on the other."
        ),
        gallery.add("log_odds", drawn, log_odds.describe(table, found.labels), table),
    ]


def _leakage(found: Findings, runs: pd.DataFrame) -> list[Node]:
    """Return what the conditions changed besides their own level, and the arms that cut a path."""
    table = effects.leakage(runs, found.effects["condition"].tolist())
    wide = table.assign(
        told=[text.number(*row, sign=True) for row in intervals(table, "difference")]
    ).pivot(index="level", columns="condition", values="told")
    wide = wide.loc[table["level"].unique(), table["condition"].unique()]
    wide.index = [effects.REALISED[name] for name in wide.index]
    parts: list[Node] = [Heading("What else each condition changed")]
    leak = words.leak(table, "distress", "dissatisfaction", "mean_dissatisfaction")
    if leak:
        parts.append(Paragraph(f"Conditions leak into each other: {leak}."))
    for name in found.factorials[1:]:
        other = part(found.runs, name)
        change = effects.main_effects(other, found.conditions_in(name)).set_index("condition")
        about = phrases.settings(found.sets(name))
        rows = [
            f"“{found.labels.get(c, c)}” {text.points(*change.loc[c, ['effect', 'low', 'high']])}"
            for c in change.index
            if c in found.three
        ]
        sentence = f"In the part {phrases.plain(name)} ({about}): {text.joined(rows)}"
        cut = words.leak(
            effects.leakage(other, found.conditions_in(name)),
            "distress",
            "dissatisfaction",
            "mean_dissatisfaction",
        )
        parts.append(Paragraph(f"{sentence}.{f' There {cut}.' if cut else ''}"))
    parts.append(
        Table.of(wide.reset_index(names="level"), "Change of the level that came about, on − off")
    )
    return parts
