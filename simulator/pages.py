"""The pages on which a person looks at the simulated world and acts in it."""

from fastapi import APIRouter

router = APIRouter()
