"""Starts the simulator: `python -m simulator --port 8090 --database simulator.db`."""

import argparse
from pathlib import Path

from simulator.server import serve


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description="Google, Jira and SendGrid as far as they are used, over HTTP, with pages.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument(
        "--port", type=int, default=8090, help="port to listen on; 0 takes a free one"
    )
    parser.add_argument("--database", default=":memory:", help="SQLite file; without it, memory")
    parser.add_argument("--record", type=Path, help="write every vendor exchange to this JSON file")
    return parser.parse_args()


if __name__ == "__main__":
    options = _options()
    serve(options.host, options.port, options.database, options.record)
