"""One step of a world in plain sentences: a meeting, a mediator's word, a temptation, news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.analysis.records import BESIDES, SEAT, Levels, MeetingRecord, News, Side, Temptation, ThirdParty, Word
from sim.analysis.words import SAME, SHOWN, changes, leaving, likely, listed, moves, package, percent, plain, value
from sim.answers import STAKELESS
from sim.beliefs import NOTHING_REFUSED
from sim.scenario.interest import Interest
from sim.scenario.schema import Scenario
from sim.scenario.tables import Table

MOST_TERMS = 4
WAYS = {"lookahead": "", SEAT: "played by hand"}


@dataclass
class Teller:
    """Tells the steps of one scenario; every method returns lines, indented as they stand in a story."""

    scenario: Scenario

    def actor(self, name: str) -> str:
        return self.scenario.actors[name].name or name

    def actors(self, names: Sequence[str]) -> str:
        return listed([self.actor(n) for n in names])

    # --- a meeting ---

    def meeting(self, m: MeetingRecord) -> list[str]:
        table = self.scenario.tables[m.table]
        lines = [f"  {plain(m.table)}: {self._head(m, table)}"]
        if m.offer is None and m.nearest is not None:
            held = "" if m.held is None else f"; they would reckon with {percent(m.held)} that nobody breaks it"
            lines.append(f"    Nearest to it: {package(m.nearest)}{held}.")
        for side in m.sides.values():
            lines += self._side(side, m, table)
        if table.assent is not None and m.offer is not None:
            lines.append(self._votes(m, table))
        lines += [self._asked(t) for t in m.asked]
        return lines + self._fate(m, table)

    def _head(self, m: MeetingRecord, table: Table) -> str:
        if m.proposer is None:
            if m.offer is None:
                return "all put a package at once; none promises everyone a gain, so nothing holds them together."
            return f"all put a package at once, and expect to meet at {package(m.offer)}."
        proposer = self.actor(m.proposer)
        if m.offer is None:
            return f"{proposer} proposes nothing; {self._silence(m)}."
        if table.protocol.name == "salami":
            return f"{proposer} asks for a slice: {moves(m.before, m.offer)}."
        mixed = (
            ""
            if m.mixed is None or m.mixed > 0.995
            else f" (one of several as good to it, which it puts with {percent(m.mixed)})"
        )
        return f"{proposer} proposes {package(m.offer)}{mixed}."

    @staticmethod
    def _silence(m: MeetingRecord) -> str:
        admissible, signable = m.choices
        assert m.proposer is not None
        side = m.sides[m.proposer]
        if side.strategy == SEAT:
            return f"so its player decided ({signable} of {admissible} packages the look-ahead would sign)"
        if side.strategy == "scripted":
            return "its script has nothing for this meeting that is admissible"
        if side.aim is not None:
            return f"no admissible package gains it the {percent(side.aim)} of its stakes that it asks for"
        why = "none that it would sign has a chance that is worth more to it than waiting"
        if not signable:
            why = "no admissible package is worth its while to sign"
        return f"{why} ({signable} of {admissible} packages it would sign)"

    def _side(self, s: Side, m: MeetingRecord, table: Table) -> list[str]:
        ways = [w for w in (s.kind, WAYS.get(s.strategy, s.strategy)) if w]
        name = self.actor(s.party) + (f" ({', '.join(ways)})" if ways else "")
        parts = [] if s.worth is None else [_arithmetic(s, table)]
        if s.aim is not None and s.stakes >= STAKELESS:
            parts.append(f"it asks for {percent(s.aim)}")
        text = "; ".join(parts)
        if s.likely is not None:
            what = "accept" if m.proposer is not None else "ask for no more than that"
            text += f". The others give it a chance of {percent(s.likely)} to {what}"
        lines = [f"    {name}: {text}{self._answer(s, m)}."]
        lines += self.parts(s, whole=m.offer is not None)
        secrets = [f"{plain(i)} {plain(true)} (it thinks {plain(guess)})" for i, (guess, true) in s.unaware.items()]
        lines += [f"      It doesn't know of {', '.join(secrets)}."] * bool(secrets)
        learnt = _learnt(s)
        return lines + [f"      The others now think: {learnt}."] * bool(learnt)

    def _answer(self, s: Side, m: MeetingRecord) -> str:
        if m.proposer is None:
            if s.demand is None:
                return "; it puts nothing" if s.worth is not None else "it puts nothing"
            own = "just that" if s.demand == m.offer else package(s.demand)
            return f"; it demands {own}" if s.worth is not None else f"it demands {own}"
        if s.accepts is None:
            return ""
        return "; it accepts" if s.accepts else f"; it refuses: {_reason(s)}"

    def parts(self, s: Side, whole: bool) -> list[str]:
        """What the worth over no deal is made of, the greatest parts first; if not `whole`, only what isn't a term."""
        shown = sorted((p for p in s.because.items() if abs(p[1]) > SHOWN), key=lambda p: -abs(p[1]))
        terms = [p for p in shown if "." in p[0]]
        if not whole:
            beside = [f"{self._part(name, s.party)} {value(v)}" for name, v in shown if "." not in name]
            return [f"      in its worth over no deal: {', '.join(beside)}"] * bool(beside)
        told = [p for p in shown if p in terms[:MOST_TERMS] or p not in terms]
        if not told:
            return []
        rest = sum(v for _, v in terms[MOST_TERMS:])
        texts = [f"{self._part(name, s.party)} {value(v)}" for name, v in told]
        texts += [f"other terms {value(rest)}"] * bool(terms[MOST_TERMS:])
        return [f"      over no deal: {', '.join(texts)}"]

    def _part(self, name: str, party: str) -> str:
        if name in BESIDES:
            return BESIDES[name]
        if "." not in name:
            return f"expected at table {plain(name)}"
        actor, interest = self.interest(name)
        whose = "" if actor == party else f"{self.actor(actor)}'s "
        return f"{whose}{plain(interest.term)} [{', '.join(interest.claims) or 'assumed'}]"

    def interest(self, name: str) -> tuple[str, Interest]:
        """The actor and the interest that a part of a value is named after."""
        actor, term = name.split(".", 1)
        return actor, next(i for i in self.scenario.interests[actor] if i.term == term)

    def _votes(self, m: MeetingRecord, table: Table) -> str:
        rule = table.assent
        assert rule is not None
        weights = {p: float(rule.weights.get(p, 1.0)) for p in table.parties}
        yes = [p for p, s in m.sides.items() if p == m.proposer or s.accepts]
        no = [p for p in table.parties if p not in yes]
        have = sum(weights[p] for p in yes)
        count = ", ".join(f"{self.actor(p)} {weights[p]:g}" for p in yes)
        text = f"    Votes for it: {count}; {have:g} of {sum(weights.values()):g}, and {rule.quota:g} carry it"
        vetoes = [p for p in no if p in rule.veto]
        if vetoes:
            return f"{text}. {self.actors(vetoes)} can veto it, and so it fails."
        if have < rule.quota - 1e-9:
            return f"{text}: it fails."
        return f"{text}." + (f" {self.actors(no)}, outvoted, {'are' if len(no) > 1 else 'is'} bound too." if no else "")

    def _asked(self, t: ThirdParty) -> str:
        if abs(t.loss) == float("inf"):  # it has no stakes to measure a loss by
            loss = "would lose by it, whatever it tolerates" if t.loss > 0 else "wouldn't lose by it"
        else:
            change = f"lose {percent(t.loss)}" if t.loss >= 0 else f"gain {percent(-t.loss)}"
            loss = f"would {change} of its stakes and tolerates {percent(t.tolerance)}"
        return (
            f"    {self.actor(t.actor)} is asked: it {loss}; the others gave it a chance of {percent(t.likely)} to let "
            f"it pass; it {'refuses its consent' if t.refuses else 'consents'}."
        )

    def _fate(self, m: MeetingRecord, table: Table) -> list[str]:
        if m.deal is not None:
            return self._agreed(m, table)
        if m.status == "walked_away" and m.left is not None and table.walk_away is not None:
            left = f"{self.actor(m.left)} would rather walk away than wait, and does, for good"
            return [f"    {left}{leaving(table.walk_away.sets)}."]
        if m.status == "broken_down" and table.breakdown is not None:
            risk = f"    The talks break down for good (the risk was {percent(m.hazard)})"
            return [f"{risk}{leaving(table.breakdown.sets)}."]
        if m.status == "talking" and table.deadline is not None and m.number >= table.deadline:
            return ["    The deadline has passed without a deal."]
        lines = []
        if m.proposer is None and any(s.demand is not None for s in m.sides.values()):
            lines.append("    The demands don't fit together.")
        if m.status == "talking" and m.hazard > 0 and (m.offer is not None or m.hazard > 0.05):
            lines.append(f"    The talks might have broken down, with {percent(m.hazard)}, and go on.")
        return lines

    def _agreed(self, m: MeetingRecord, table: Table) -> list[str]:
        assert m.deal is not None
        what = "" if m.deal == m.offer else f" on {package(m.deal)}"
        lasts = ""
        if table.lapses:
            n, issues = min(table.lapses.values()), [plain(i) for i in table.lapses]
            verb, unit = "lapse" if len(issues) > 1 else "lapses", self.scenario.period + "s" * (n > 1)
            lasts = f"; {listed(issues)} {verb} in {n} {unit} unless renewed"
        on = "; the talks go on from there" if m.status == "talking" else ""
        lines = [f"    Agreed{what}{' in secret' if m.outside else ''}; in force at once{lasts}{on}."]
        if m.outside:
            outsiders = [a for a in self.scenario.actors if a not in table.insiders()]
            still = "still think" if len(outsiders) > 1 else "still thinks"
            lines += [f"    {self.actors(outsiders)} {still} {package(m.outside)}."] * bool(outsiders)
        if m.held is not None:
            lines.append(f"    They reckon with {percent(m.held)} that nobody breaks it.")
        return lines

    # --- what stands beside the meetings ---

    def word(self, w: Word) -> list[str]:
        mediator = self.scenario.tables[w.table].mediator
        assert mediator is not None
        resolve = set(w.odds[0]) == {"below", "above"}
        told = (
            f"{self.actor(w.about)}'s resolve is {w.said} its median"
            if resolve
            else f"{self.actor(w.about)} is of type {w.said}"
        )
        first = (
            f"  {plain(w.table)}: {self.actor(w.mediator)}, who sees such things rightly with "
            f"{percent(mediator.accuracy)}, has seen that {told}, and says so."
        )
        seen, said, gain = max(w.lies, key=lambda lie: lie[2])
        if not w.believed:
            why = f"having seen {seen} it would rather have said {said}, which is worth {gain:.3f} more to it"
            return [first, f"    It isn't believed: {why}. The others go on thinking: {likely(w.odds[1])}."]
        costs = ", ".join(f"having seen {s}, saying {t} would cost it {-g:.3f}" for s, t, g in w.lies)
        why = f"it gains nothing by a lie ({costs})"
        if max(abs(g) for _, _, g in w.lies) < SHOWN:
            why = "whatever it says, the talks are worth the same to it"
        return [first, f"    It is believed, as {why}. The others now think: {changes(w.odds) or 'the same'}."]

    def temptation(self, first: Temptation, last: Temptation) -> str:
        """What breaking a deal would gain a party, over periods in which it keeps its word, up to the last."""
        table = self.scenario.tables[last.table]
        price, guarantor = percent(last.price), table.guarantor
        added = last.price - table.renege[last.party].penalty
        if guarantor is not None and added > 1e-9:
            part = "all" if added == last.price else percent(added)
            price += f", {part} of it {self.actor(guarantor.by)}'s guarantee"
        weighed = f"its resolve ({percent(last.resolve)}) and the price ({price})"
        who = f"  {plain(last.table)}: {self.actor(last.party)}"
        if last.breaks:
            leaves = leaving(table.renege[last.party].sets)
            return (
                f"{who} breaks its word. That gains it {percent(last.gain)} of its stakes, more than {weighed}{leaves}."
            )
        gain = f"{'gain' if last.gain > 0 else 'cost'} it {percent(abs(last.gain))} of its stakes"
        if abs(first.gain - last.gain) >= SAME:
            gain = f"gain it {percent(first.gain)} of its stakes at first, {percent(last.gain)} in the end"
        against = f", no more than {weighed}" if last.gain > 0 else ""
        return f"{who} keeps its word. Breaking it would {gain}{against}."

    def lapse(self, table: str) -> str:
        starts = {i: str(self.scenario.issues[i].start) for i in self.scenario.tables[table].lapses}
        return f"  {plain(table)}: what was agreed lapses: {package(starts)} again."

    def secret(self, table: str, thought: Levels) -> str:
        return f"  {plain(table)}: the secret comes out; those outside thought {package(thought)}."

    def news(self, n: News, everywhere: bool) -> str:
        """`everywhere`: it is the same at all tables that are open."""
        what = f"{self.actor(n.actor)}'s resolve, against its median" if n.resolve else self.actor(n.actor)
        where = "" if everywhere else f" at {listed([plain(t) for t in n.tables])}"
        return f"    The others{where} now think of {what}: {changes(n.odds)}."


def _arithmetic(s: Side, table: Table) -> str:
    assert s.worth is not None and s.gain is not None
    over = ""
    if abs(s.gain * s.stakes - (s.worth - s.no_deal)) > 1e-6:
        over = ", were it renewed for ever" if table.lapses else " over waiting, as a vote may bind it"
    values = f"worth {value(s.worth)}, no deal {value(s.no_deal)}, refusing {value(s.waiting)}"
    if s.stakes < STAKELESS:
        return f"{values}; nothing is at stake for it"
    return f"{values}; gains {percent(s.gain)} of its stakes{over}, resolve {percent(s.resolve)}"


def _reason(s: Side) -> str:
    assert s.worth is not None and s.gain is not None
    if s.strategy == SEAT:
        better = s.worth - s.waiting
        weighed = f"accepting was worth {abs(better):.3f} {'more' if better > 0 else 'less'} to it than waiting"
        return "so its player decided" + (f"; {weighed}" if abs(better) >= SHOWN else "")
    if s.strategy == "scripted":
        return "its script doesn't take that"
    if s.aim is not None:
        return f"that falls short of what it asks for by {percent(s.aim - s.gain)} of its stakes"
    if s.stakes < STAKELESS:
        return "it is worse off"
    if s.gain < s.resolve and s.worth >= s.waiting:
        return f"its gain falls short of its resolve by {percent(s.resolve - s.gain)} of its stakes"
    if s.gain < 0:
        return "it is worse off than with no deal"
    if s.waiting - s.worth < SHOWN:
        return "accepting and refusing are worth the same to it, and it may do either"
    return f"refusing is worth {s.waiting - s.worth:.3f} more"


def _learnt(s: Side) -> str:
    parts = []
    if s.low[1] > s.low[0]:
        past = "" if s.low[0] == NOTHING_REFUSED else f" (before: {percent(s.low[0])})"
        parts.append(f"resolve above {percent(s.low[1])}{past}")
    changed = changes(s.odds)
    return "; ".join(parts + [f"odds {changed}"] * bool(changed))
