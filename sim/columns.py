"""What a run records, each column declared once: label, unit and type, of weeks and outcomes."""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, NamedTuple, get_type_hints

from sim.parameters import declarations

USERS, RUNS = "% of users", "% of runs"
LEVEL = "0 to 1"
SATISFACTION = "−1 to 1"
UNITLESS = ("choice", "number", "path", "ratio", "weight")  # of parameters


class Column(NamedTuple):
    """A column of the table of weeks or of outcomes.

    Examples
    --------
    >>> WEEKS["aware"].axis
    'aware users (% of users)'
    >>> OUTCOMES["peak_share"].scale
    100.0
    """

    label: str  # a few words, for axes, titles and sentences
    unit: str  # as it is shown; shares in percent
    kind: str = "f8"  # NumPy type, of weekly columns
    note: str = ""  # what the label does not say, for the data dictionary

    @property
    def is_share(self) -> bool:
        """Whether it is recorded as a share and shown in percent."""
        return self.unit.startswith("%")

    @property
    def scale(self) -> float:
        """What a recorded value is multiplied by to be in the unit."""
        return 100.0 if self.is_share else 1.0

    @property
    def axis(self) -> str:
        """Label and unit, for an axis."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


WEEKS = {
    "week": Column("week", "", "i8"),
    "price": Column("share price", "week 0 = 1"),
    "revenue": Column("revenue", "week 0 = 1"),
    "cash": Column("cash", "weekly revenues of week 0"),
    "net_income": Column("net income", "weekly revenues of week 0"),
    "distress": Column("distress of the firm", LEVEL),
    "monetisation": Column("monetisation", LEVEL),
    "governance_deficit": Column("governance deficit", LEVEL),
    "value_gap": Column("value gap (users' value over price)", LEVEL),
    "trust": Column("shareholders' trust", LEVEL),
    "sold": Column("stock sold out of distrust", "% of stock"),
    "ethical": Column("stock held by ethical investors", "% of stock"),
    "market": Column("market", "log index"),
    "threat": Column("threat to democracy", LEVEL),
    "closure": Column("rumour that the service closes", LEVEL),
    "takeover": Column("rumour of a takeover", LEVEL),
    "scandal": Column("scandal", LEVEL),
    "people_per_agent": Column("people each simulated user stands for", "people"),
    "dissatisfaction": Column("mean dissatisfaction", LEVEL, note="of the users present"),
    "dissatisfied": Column(
        "dissatisfied users", USERS, note="users present above 0.5, of all users"
    ),
    "aware": Column("aware users", USERS),
    "commons_view": Column("mean commons view", LEVEL, note="of all users"),
    "literacy": Column("mean cooperative literacy", LEVEL, note="of all users"),
    "efficacy": Column("efficacy", LEVEL),
    "media": Column("attention", ""),
    "supporters": Column("supporters", USERS, note="organisers are not among them"),
    "organisers": Column("organisers", USERS),
    "active": Column("users taking part", USERS, note="supporters and organisers"),
    "exited": Column("users gone to a rival", USERS),
    "exited_coop": Column("users gone to the cooperative", USERS),
    "members": Column("members of the cooperative", USERS, note="gone to it, or still here"),
    "joined": Column("users who joined this week", USERS),
    "joined_peers": Column("users who joined with an active neighbour", USERS),
    "dropped": Column("users who dropped out this week", USERS),
    "signatures": Column("signatures so far", "people"),
    "acting": Column("people who act on their own", "people", note="before a launch"),
    "admitted": Column("admitted proposal waits for its meeting", "0 or 1"),
    "turnout": Column("turnout at this week's meeting", "% of stock", note="missing without one"),
    "filed": Column("proposal waits for its meeting", "0 or 1"),
    "vote_share": Column(
        "support at this week's meeting", "% for / (for + against)", note="missing without one"
    ),
    "yielded": Column("firm yielded to the campaign", "0 or 1"),
    "for_sale": Column("forced sale of the firm", "0 or 1"),
    "closed": Column("service closed", "0 or 1"),
    "pledged": Column("pledges", "USD per initial user"),
    "spin_off": Column("spin-off founded", "0 or 1"),
    "converted": Column("firm converted", "0 or 1"),
}
"""The columns of the weekly table, in their order."""


class Grade(IntEnum):
    """How far the movement came; each grade is more than the one before."""

    DORMANT = 0  # never so many organisers
    FLASH = 1  # so many, but not for long or without an act together
    MOBILISED = 2  # so many, for long, with an act; influence is below half of what it can be
    MOVEMENT = 3  # influence is half of what it can be, or more
    RECOGNISED = 4  # a movement whose proposal won the support needed to file it again
    CONVERTED = 5  # control bought


class Outcome(NamedTuple):
    """The outcome of a run; weeks are NaN for what never happened, shares are of all users.

    Examples
    --------
    >>> from sim import Parameters, simulate
    >>> world = Parameters.from_dict({"users.count": 200, "movement.origin": "never"})
    >>> outcome = simulate(world).outcome
    >>> outcome.grade, outcome.peak_share, outcome.peak_week
    ('dormant', 0.0, nan)
    """

    emerged: Annotated[bool, Column("runs with a movement", RUNS)]
    grade: Annotated[str, Column("grade", "")]  # a Grade in lower case, the highest reached
    emergence_week: Annotated[float, Column("week of emergence", "")]
    launch_week: Annotated[float, Column("week of the launch", "")]
    peak_share: Annotated[float, Column("most users taking part at once", USERS)]
    peak_week: Annotated[float, Column("week of the peak", "")]
    peak_people: Annotated[float, Column("most people taking part at once", "people")]
    peak_organisers: Annotated[float, Column("most people organising at once", "people")]
    log_organisers: Annotated[float, Column("logarithm of most people organising", "log10(1 + n)")]
    influence: Annotated[float, Column("joined because of others", "% of those who joined")]
    vote_share: Annotated[float, Column("best support at a meeting", "% for / (for + against)")]
    turnout: Annotated[float, Column("turnout at the last meeting", "% of stock")]
    broker_nonvotes: Annotated[
        float, Column("broker non-votes at that meeting", "% of stock present")
    ]
    votes: Annotated[int, Column("votes", "number")]
    recognised: Annotated[bool, Column("runs with support enough to file again", RUNS)]
    spin_off: Annotated[bool, Column("runs with a spin-off", RUNS)]
    spin_off_week: Annotated[float, Column("week of the spin-off", "")]
    converted: Annotated[bool, Column("runs with a conversion", RUNS)]
    yielded: Annotated[bool, Column("runs in which the firm yielded", RUNS)]
    recruits_per_supporter: Annotated[float, Column("recruits per supporter", "people")]
    exited_share: Annotated[float, Column("users gone to a rival, at the end", USERS)]
    exited_coop_share: Annotated[float, Column("users gone to the cooperative, at the end", USERS)]
    signatures: Annotated[float, Column("signatures", "people")]
    aware_end: Annotated[float, Column("aware users, at the end", USERS)]
    awareness_gain: Annotated[float, Column("awareness gained, at the end", USERS)]
    commons_gain: Annotated[float, Column("commons view gained, at the end", LEVEL)]
    literacy_gain: Annotated[float, Column("literacy gained, at the end", LEVEL)]
    collapse_week: Annotated[float, Column("week of the collapse", "")]
    awareness_after: Annotated[float, Column("awareness gained, a year after collapse", USERS)]
    literacy_after: Annotated[float, Column("literacy gained, a year after collapse", LEVEL)]
    satisfaction_convert: Annotated[float, Column("convert this firm", SATISFACTION)]
    satisfaction_spread: Annotated[float, Column("spread platform cooperativism", SATISFACTION)]
    satisfaction_promote: Annotated[float, Column("promote cooperatives", SATISFACTION)]
    weeks_convert: Annotated[float, Column("weeks taking part: convert this firm", "weeks")]
    weeks_spread: Annotated[float, Column("weeks taking part: spread the idea", "weeks")]
    weeks_promote: Annotated[float, Column("weeks taking part: promote cooperatives", "weeks")]
    goal_effect: Annotated[float, Column("satisfaction explained by goals", "% of variance")]
    ethical_share: Annotated[float, Column("stock held by ethical investors", "% of stock")]
    min_price: Annotated[float, Column("lowest share price", "week 0 = 1")]
    end_price: Annotated[float, Column("share price, at the end", "week 0 = 1")]
    mean_distress: Annotated[float, Column("mean distress", LEVEL)]
    mean_dissatisfaction: Annotated[float, Column("mean dissatisfaction", LEVEL)]
    max_dissatisfied: Annotated[float, Column("most users dissatisfied at once", USERS)]
    mean_threat: Annotated[float, Column("mean threat", LEVEL)]
    min_trust: Annotated[float, Column("lowest trust of shareholders", LEVEL)]
    mean_value_gap: Annotated[float, Column("mean value gap", LEVEL)]
    max_media: Annotated[float, Column("highest attention", "")]
    spell_50: Annotated[float, Column("longest time with 50 organisers and an act", "weeks")]
    spell_100: Annotated[float, Column("longest time with 100 organisers and an act", "weeks")]
    spell_150: Annotated[float, Column("longest time with 150 organisers and an act", "weeks")]
    spell_200: Annotated[float, Column("longest time with 200 organisers and an act", "weeks")]
    emerged_50: Annotated[bool, Column("50 organisers", RUNS)]
    emerged_200: Annotated[bool, Column("200 organisers", RUNS)]
    emerged_spell_12: Annotated[bool, Column("for 12 weeks", RUNS)]
    emerged_spell_26: Annotated[bool, Column("for 26 weeks", RUNS)]
    emerged_share_1: Annotated[bool, Column("1 % of users for 12 weeks", RUNS)]
    emerged_share_2: Annotated[bool, Column("2 % of users for 12 weeks", RUNS)]
    emerged_share_5: Annotated[bool, Column("5 % of users for 12 weeks", RUNS)]


_NOTES = {
    "emerged": "people organise together for long enough and act",
    "grade": "the highest reached",
    "emergence_week": "first week of the spell in which people organise; missing: never",
    "launch_week": "missing: never",
    "peak_share": "beyond the launching organisers",
    "peak_week": "missing: never",
    "peak_people": "beyond the launching organisers",
    "peak_organisers": "beyond the launching organisers",
    "log_organisers": "differs between worlds even where movements are rare",
    "influence": "they do not join in the twin; missing: no movement, so no twin was run",
    "vote_share": "missing without a vote",
    "turnout": "missing without a vote",
    "broker_nonvotes": "missing without a vote",
    "recognised": "some vote reached the support needed to file again",
    "spin_off_week": "missing: never",
    "yielded": "to the campaign, without a change of who owns it",
    "recruits_per_supporter": "users who joined with an active neighbour for each who dropped out",
    "awareness_gain": "level at the horizon minus that of week 0",
    "commons_gain": "level at the horizon minus that of week 0",
    "literacy_gain": "level at the horizon minus that of week 0",
    "collapse_week": "fewer than a quarter of the peak take part; missing: never, or converted",
    "satisfaction_convert": "of all who took part, weighted by their goal",
    "satisfaction_spread": "of all who took part, weighted by their goal",
    "satisfaction_promote": "of all who took part, weighted by their goal",
    "weeks_convert": "of all who took part, weighted by their goal",
    "weeks_spread": "of all who took part, weighted by their goal",
    "weeks_promote": "of all who took part, weighted by their goal",
    "goal_effect": "variance that main goals explain among people of one role",
    "emerged_50": "a movement by another definition",
    "emerged_200": "a movement by another definition",
    "emerged_spell_12": "a movement by another definition",
    "emerged_spell_26": "a movement by another definition",
    "emerged_share_1": "a movement by another definition",
    "emerged_share_2": "a movement by another definition",
    "emerged_share_5": "a movement by another definition",
}

OUTCOMES: dict[str, Column] = {
    name: hint.__metadata__[0]._replace(note=_NOTES.get(name, ""))
    for name, hint in get_type_hints(Outcome, include_extras=True).items()
}
"""The columns of the table of outcomes, in their order."""


def column(name: str) -> Column:
    """Return the declaration of an outcome or a weekly column; any other name is its own label."""
    return OUTCOMES.get(name) or WEEKS.get(name) or Column(_words(name), "")


def _words(name: str) -> str:
    return name.rpartition(".")[2].replace("_", " ")


def label(name: str) -> str:
    """Return a parameter or a column in a few words; any other name is returned readably.

    Examples
    --------
    >>> label("firm.decline_rate")
    'structural decline of demand'
    >>> label("peak_share")
    'most users taking part at once'
    """
    declared = declarations().get(name)
    return column(name).label if declared is None else str(declared.metadata["label"])


def axis(name: str) -> str:
    """Return the label of a parameter or a column with its unit, as it stands at an axis.

    Examples
    --------
    >>> axis("firm.decline_rate")
    'structural decline of demand (1/week)'
    """
    declared = declarations().get(name)
    if declared is None:
        return column(name).axis
    unit = declared.metadata["unit"]
    return label(name) if unit in UNITLESS or unit in label(name) else f"{label(name)} ({unit})"
