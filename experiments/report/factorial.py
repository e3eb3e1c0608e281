"""A factorial of conditions: which combinations are enough for a movement."""

from __future__ import annotations

from experiments import text
from experiments.analysis import effects, words
from experiments.analysis.critical_cost import COST
from experiments.analysis.how_many import by_set, how_many
from experiments.analysis.minimal_sets import CUT_OFFS, MOST_CONDITIONS, minimal_sets
from experiments.analysis.tables import CONDITION, part
from experiments.analysis.truth_table import CUT_OFF, necessity_and_sufficiency
from experiments.design.experiment import shipped_experiments
from experiments.figures import critical_costs, factorial
from experiments.report.condition_effects import effects_section
from experiments.report.document import Heading, Part, Section, Table, bullets, details, section
from experiments.report.findings import Findings, intervals
from experiments.report.gallery import Gallery
from sim.parameters import Origin

MOST = 3  # conditions named in a line
TOGETHER = (
    "Claim C4 says how far it is the combination that matters. It is judged by the share of runs "
    "with a movement, averaged over the costs tried: that is known even where no cost tried is the "
    "one at which half of the runs have a movement."
)
CAPTION_TRUTH = (
    "Each row is a combination of conditions; the interval decides whether it counts as enough"
)


def fits(found: Findings) -> bool:
    """Whether some part holds every combination of conditions."""
    return bool(found.factorials)


def sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the sections on a factorial."""
    return [
        *_how_many_section(found, gallery),
        _combinations_section(found, gallery),
        effects_section(found, gallery),
    ]


def answer(found: Findings) -> str:
    """Return how many conditions it takes, and which changes most."""
    sentences = []
    if found.costs is not None and (by_cost := words.by_cost_short(found.costs)):
        sentences.append(
            f"{text.capitalised(by_cost)} (the cost of taking part is {found.cost}; it is "
            "compared with the strength of people's motives)."
        )
    elif len(found.three) > 1:
        table = how_many(found.truth, found.three)
        sentences += words.sufficiency(table, found.three, found.labels)[:2]
    if found.largest is not None:
        change = text.points(*found.largest[["effect", "low", "high"]])
        name = found.label(found.largest["condition"])
        sentences.append(
            f"The condition that changes the share of runs with a movement most is {name}: "
            f"{change}."
        )
    return " ".join(sentences) or "There are too few runs for an answer."


def _claims(found: Findings) -> dict[str, str]:
    """Return the claim that says of a condition that it favours emergence, by condition.

    Of the project's experiments as they are now: a result may be older than what they say.
    """
    shipped = shipped_experiments().get(str(found.experiment.get("name")), {})
    conditions = {**found.conditions, **(shipped.get("conditions") or {})}
    return {name: about["claim"] for name, about in conditions.items() if "claim" in about}


def surprise(found: Findings) -> str:
    """Return what speaks most against the claims, by a fixed order.

    First a condition that lowers emergence although a claim says it raises it; then one that makes
    no material difference although a claim says it does; then one condition that is enough alone
    although claim C4 says none is; then the conditions about which these runs do not decide.
    """
    claims = _claims(found)
    table = found.effects[found.effects["condition"].isin(claims)]
    sentences = {
        row.condition: f"{found.label(row.condition)} {{}}: "
        f"{text.points(row.effect, row.low, row.high)}"
        for row in table.sort_values("effect").itertuples()
    }
    for verdict, say in (
        ("lowers", "lowers emergence, although claim {} says that it favours it"),
        ("no material effect", "makes no material difference, although claim {} says that it does"),
    ):
        names = table.loc[table["verdict"] == verdict, "condition"]
        texts = [sentences[name].format(say.format(claims[name])) for name in names]
        if verdict != "lowers":
            texts += _attention(found)
        if texts:
            return f"{'; '.join(texts)}."
    if len(found.three) > 1:
        settings = how_many(found.truth, found.three)
        alone = settings[(settings["needed"] <= 1).fillna(False)]
        if len(alone):
            enough = "; ".join(map(words.together, alone["sets"].iloc[0]))
            return (
                f"In {len(alone)} of {len(settings)} settings of the other conditions one of "
                f"{text.joined(found.three)} is enough alone ({enough}), although "
                "claim C4 says that none is."
            )
    names = table.loc[table["verdict"] == "undecided", "condition"]
    if len(names):
        texts = [sentences[name].replace(" {}:", "") for name in names]
        which = (
            "; ".join(texts) if len(texts) <= MOST else f"{len(texts)} of {len(table)} conditions"
        )
        return f"No claim is contradicted by these runs; undecided: {which}."
    return "None: every condition does here what the claims say."


def _attention(found: Findings) -> list[str]:
    """Return that lost trust draws no attention, if so."""
    conditions = found.effects["condition"].tolist()
    if words.TRUST not in conditions or "max_media" not in found.runs:
        return []
    runs = part(found.runs, found.factorials[0])
    table = effects.leakage(runs, conditions, ["max_media"])
    row = table[table["condition"] == words.TRUST].iloc[0]
    if not row["high"] < effects.MATERIAL:
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
    parts: list[Part] = [words.by_number(sets)]
    if found.costs is not None:
        of_costs = part(found.runs, found.cost_parts[0])
        tried = float(of_costs[COST].min()), float(of_costs[COST].max())
        default = float(found.parameters[COST])
        parts += [
            f"{words.by_cost(found.costs)} The cost is {found.cost}.{_held_off(found)}",
            gallery.add(
                "critical_costs",
                critical_costs.draw(found.costs, tried, default),
                found.costs,
            ),
            *([TOGETHER] if "C4" in (found.experiment.get("claims") or []) else []),
        ]
    parts.append(
        Heading(f"At a cost of {text.number(found.parameters[COST])}, by the other conditions")
    )
    parts.append(
        f"A set of conditions counts as enough if a movement surely (95 % interval) emerges in "
        f"at least {100 * CUT_OFF:.0f} % of runs, whichever others of "
        f"{text.joined(found.three)} hold:"
    )
    table = how_many(found.truth, found.three)
    parts.append(bullets(words.sufficiency(table, found.three, found.labels)))
    half = how_many(found.truth, found.three, CUT_OFFS[0])
    parts.append(f"If {100 * CUT_OFFS[0]:.0f} % of runs are enough:")
    parts.append(bullets(words.sufficiency(half, found.three, found.labels)))
    averaged = {
        "conditions": sets["set"],
        "runs with a movement": [text.share(*row) for row in intervals(sets, "share")],
    }
    parts.append(Table.of(averaged, "Averaged over all settings of the other conditions"))
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
    truth = found.truth
    parts: list[Part] = [gallery.show("factorial", factorial.draw, truth, found.labels)]
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
                rows,
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
            rows,
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
