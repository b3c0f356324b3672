"""The control API of Google's accounts: who is believed, and which tokens were given."""

from fastapi import APIRouter

from simulator.google.accounts.access_tokens import AccessTokens
from simulator.google.accounts.credentials import Accounts, Consent, ServiceAccount
from simulator.store import JSON
from simulator.world import WorldHere

router = APIRouter(prefix="/simulator")


@router.post("/consents")
async def add_consent(world: WorldHere, told: Consent) -> JSON:
    """Let an account consent; from now on, only who is known gets a token."""
    Accounts(world).add_consent(told)
    return {"account": told.account}


@router.post("/service-accounts")
async def add_service_account(world: WorldHere, told: ServiceAccount) -> JSON:
    """Make a service account known by its key; from now on, only who is known gets a token."""
    Accounts(world).add_robot(told)
    return {"email": told.email}


@router.get("/tokens")
async def get_tokens(world: WorldHere) -> list[JSON]:
    """Return every access token that was given, oldest first: for whom, and until when."""
    return AccessTokens(world).told()
