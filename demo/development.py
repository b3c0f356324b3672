"""`aftermath dev`: everything started and kept running until one presses Ctrl-C."""

import asyncio
from pathlib import Path

from demo.town import town


async def keep_running(folder: Path) -> None:
    """Start everything, print the addresses, and wait to be stopped."""
    folder.mkdir(parents=True, exist_ok=True)
    print("Starting Temporal, the simulated Google, Jira and SendGrid, the pages and a worker …")
    async with town(folder) as here:
        stack = here.stack
        print(f"  Temporal UI  {stack.temporal_ui_url}")
        print(f"  simulator    {stack.simulator_url}  (calendar, documents, inbox, tickets)")
        print(f"  pages        {stack.web_url}")
        print(f"  logs         {folder}\n")
        print("For the command line in another terminal:")
        print(f"  export TEMPORAL_ADDRESS={stack.temporal_address} PM_DEVELOPMENT=true")
        print("  aftermath start examples/incident.json")
        print("Press Ctrl-C to stop everything.", flush=True)
        await asyncio.Event().wait()
