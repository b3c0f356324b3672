"""How looks are carried out: bounded, together, in order, and without a traceback."""

import threading
import time

from integrations.checks.examination import Examination, Finding, Grade, carried_out, fail, ok
from integrations.errors import Refused
from tests.checkups import grades, lines


async def test_a_look_that_never_ends_is_a_finding_and_holds_nobody_up() -> None:
    stop = threading.Event()
    stuck = Examination("Slow", ((lambda: [ok("Slow", str(stop.wait(20)))],),))
    began = time.monotonic()

    found = await carried_out([stuck], patience=0.2)

    stop.set()
    assert time.monotonic() - began < 5
    assert grades(found) == {Grade.FAIL}
    assert "no answer within" in lines(found)


async def test_a_look_that_breaks_down_is_a_finding_without_a_traceback() -> None:
    def broken() -> list[Finding]:
        raise KeyError("canary")

    found = await carried_out([Examination("Vendor", ((broken,),))])

    assert grades(found) == {Grade.FAIL}
    assert "canary" not in lines(found)


async def test_what_follows_a_failure_is_not_tried() -> None:
    def refused() -> list[Finding]:
        raise Refused("It said no.")

    later: list[str] = []

    def second() -> list[Finding]:
        later.append("looked")
        return []

    found = await carried_out([Examination("Vendor", ((refused,), (second,)))])

    assert [each.what for each in found] == ["It said no."]
    assert later == []


async def test_findings_stay_in_the_order_of_the_looks() -> None:
    def slow() -> list[Finding]:
        time.sleep(0.05)
        return [ok("A", "first")]

    found = await carried_out([Examination("A", ((slow, lambda: [fail("A", "second", "Do.")]),))])

    assert [each.what for each in found] == ["first", "second"]
    assert found[1].line == "FAIL  A: second Do."
