"""SingleFlight at a case that come together share one question, which is never an old one."""

import asyncio
import gc
from collections.abc import Sequence

import pytest

from domain.case import Case
from workflows.client import OutOfReach
from workflows.single_flight import SingleFlight

MANY = 50


class Asked:
    """Questions that are answered when the test says so, with the state of when they began."""

    def __init__(self) -> None:
        self.looks = SingleFlight()
        self.begun = 0
        self.beginnings = asyncio.Semaphore(0)
        self.state = "at first"
        self.may_answer = asyncio.Event()
        self.fails = False

    async def question(self) -> Case:
        self.begun += 1
        self.beginnings.release()
        state = self.state
        await self.may_answer.wait()
        if self.fails:
            raise OutOfReach("No worker answered in time.")
        return Case(id=state)

    def look(self, case: str = "postmortem-INC-204") -> asyncio.Task[Case]:
        return asyncio.create_task(self.looks.share(case, self.question))


async def told(looks: Sequence[asyncio.Task[Case]]) -> set[str]:
    return {each.id for each in await asyncio.gather(*looks)}


async def begun(asked: Asked, questions: int) -> None:
    async with asyncio.timeout(1):
        for _ in range(questions):
            await asked.beginnings.acquire()


async def test_many_looks_at_one_moment_are_one_question() -> None:
    asked = Asked()
    asked.may_answer.set()

    assert await told([asked.look() for _ in range(MANY)]) == {"at first"}
    assert asked.begun == 1


async def test_whoever_comes_during_a_question_gets_the_answer_to_the_next_one() -> None:
    asked = Asked()
    first = asked.look()
    await begun(asked, 1)

    asked.state = "after the click"
    later = [asked.look() for _ in range(MANY)]
    asked.may_answer.set()

    assert await told([first]) == {"at first"}
    assert await told(later) == {"after the click"}
    assert asked.begun == 2


async def test_looks_at_different_cases_do_not_wait_for_one_another() -> None:
    asked = Asked()

    looks = [asked.look(f"postmortem-INC-{number}") for number in range(MANY)]
    await begun(asked, MANY)
    asked.may_answer.set()

    assert await told(looks) == {"at first"}


async def test_whoever_gives_up_leaves_the_others_their_answer() -> None:
    asked = Asked()
    impatient, patient = asked.look(), asked.look()
    await begun(asked, 1)

    impatient.cancel()
    asked.may_answer.set()

    assert await told([patient]) == {"at first"}
    with pytest.raises(asyncio.CancelledError):
        await impatient


async def test_a_question_that_fails_when_everybody_has_given_up_disturbs_nobody() -> None:
    disturbed: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: disturbed.append(context))
    asked = Asked()
    asked.fails = True
    look = asked.look()
    await begun(asked, 1)

    look.cancel()
    with pytest.raises(asyncio.CancelledError):
        await look
    asked.may_answer.set()
    for _ in range(3):
        await asyncio.sleep(0)
    gc.collect()

    asyncio.get_running_loop().set_exception_handler(None)
    assert disturbed == []


async def test_a_question_that_failed_is_asked_anew() -> None:
    asked = Asked()
    asked.fails = True
    asked.may_answer.set()
    for _ in range(2):
        with pytest.raises(OutOfReach):
            await asked.look()

    asked.fails = False

    assert await told([asked.look()]) == {"at first"}
    assert asked.begun == 3
