"""The control API of the traffic: faults, limits, and which requests came."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from simulator.control.faults import Faults, Plan, Rule
from simulator.control.ledger import Ledger
from simulator.control.limits import Limits
from simulator.store import JSON
from simulator.world import Body, WorldHere

router = APIRouter(prefix="/simulator")


def forget(request: Request) -> None:
    """Forget faults, counts and waits."""
    faults = _faults(request)
    faults.clear().forget()
    _ledger(request).forget()
    _limits(request).forget()


@router.get("/requests")
async def get_requests(request: Request) -> JSON:
    """Return how often each vendor route was asked, and the requests one by one."""
    return _ledger(request).told()


@router.delete("/requests")
async def forget_requests(request: Request) -> JSON:
    """Start counting requests from nothing; effects stay counted, they exist."""
    _ledger(request).forget()
    _limits(request).impatient.clear()
    return _ledger(request).told()


@router.get("/ledger")
async def get_ledger(request: Request) -> JSON:
    """Return what a checker needs: effects by key, duplicates, faults, and who came too early."""
    effects = _ledger(request).effects
    return {
        "effects": effects.told(),
        "duplicates": effects.duplicates(),
        "injected": _faults(request).told(),
        "impatient_requests": _limits(request).impatient,
    }


@router.get("/faults")
async def get_faults(request: Request) -> list[JSON]:
    """Return the rules, with what is left of each."""
    return [rule.model_dump() for rule in _faults(request).rules]


@router.post("/faults")
async def add_faults(request: Request, rules: list[Rule]) -> list[JSON]:
    """Add rules after those already in force."""
    _faults(request).rules.extend(rules)
    return await get_faults(request)


@router.delete("/faults")
async def clear_faults(request: Request) -> list[JSON]:
    """Let everything go well again: no rules, no plan; what was injected stays counted."""
    _faults(request).clear()
    return []


@router.post("/faults/plan")
async def make_plan(request: Request, plan: Plan) -> JSON:
    """Let a random mix of faults befall a share of all requests, instead of an earlier plan."""
    _faults(request).plan = plan
    return plan.model_dump()


@router.get("/faults/injected")
async def get_injected(request: Request) -> JSON:
    """Return how many faults were injected, of each kind and into each vendor's answers."""
    return _faults(request).told()


@router.get("/settings")
async def get_settings(world: WorldHere) -> JSON:
    """Return how the vendors behave."""
    return world.settings.model_dump(mode="json")


@router.put("/settings", response_model=None)
async def change_settings(world: WorldHere, changes: Body) -> JSON | JSONResponse:
    """Change the named settings and keep the others."""
    try:
        return world.change_settings(changes).model_dump(mode="json")
    except ValidationError as invalid:
        return JSONResponse({"detail": str(invalid)}, status_code=422)


def _faults(request: Request) -> Faults:
    faults: Faults = request.app.state.faults
    return faults


def _ledger(request: Request) -> Ledger:
    ledger: Ledger = request.app.state.ledger
    return ledger


def _limits(request: Request) -> Limits:
    limits: Limits = request.app.state.limits
    return limits
