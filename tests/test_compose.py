"""The compose file, the image and the scripts that set up Temporal fit the code."""

import asyncio
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client

from devstack.parts import Part
from devstack.processes import program
from devstack.stack import Stack
from settings import Settings, read_settings
from workflows.search_attributes import SEARCH_ATTRIBUTES

REPOSITORY = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("worker", "web")
KNOWN = {f"PM_{name.upper()}" for name in Settings.model_fields}


def variables(service: str) -> dict[str, str | None]:
    return dict(SERVICES[service].get("environment", {}))


def simulator_environ() -> dict[str, str]:
    lines = (REPOSITORY / "deploy/simulator.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_there_is_a_server_on_postgresql_its_pages_and_our_parts() -> None:
    assert set(SERVICES) == {
        "worker",
        "web",
        "simulator",
        "postgresql",
        "temporal-schema",
        "temporal",
        "temporal-register",
        "temporal-ui",
    }
    assert SERVICES["simulator"]["profiles"] == ["simulator"]
    assert [name for name in SERVICES if "profiles" in SERVICES[name]] == ["simulator"]


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_sets_what_is_no_setting(service: str) -> None:
    assert {name for name in variables(service) if name.startswith("PM_")} <= KNOWN


@pytest.mark.parametrize("service", OURS)
def test_every_setting_reaches_our_parts(service: str) -> None:
    listening = {"PM_WEB_HOST", "PM_WEB_PORT"}

    assert KNOWN - variables(service).keys() <= (listening if service == "worker" else set())


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_comes_back_by_itself(service: str) -> None:
    assert SERVICES[service]["restart"] in {"unless-stopped", "on-failure:5"}


def test_everything_that_stays_tells_its_health() -> None:
    jobs = {"temporal-schema", "temporal-register"}
    image = (REPOSITORY / "Dockerfile").read_text()

    assert "HEALTHCHECK" in image
    for name in SERVICES.keys() - jobs - set(OURS):
        assert SERVICES[name]["healthcheck"]["test"], name


def test_our_parts_wait_for_the_search_attributes() -> None:
    for name in OURS:
        wait = SERVICES[name]["depends_on"]["temporal-register"]
        assert wait == {"condition": "service_completed_successfully"}


def test_what_must_last_has_a_volume_and_what_is_mounted_exists() -> None:
    for name, service in SERVICES.items():
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            if source.startswith("."):
                assert (REPOSITORY / source).exists(), name
            else:
                assert source in COMPOSE["volumes"], name


def test_only_the_pages_can_be_reached_from_other_machines() -> None:
    open_to_all = {
        name
        for name, service in SERVICES.items()
        for port in service.get("ports", [])
        if not port.startswith("127.0.0.1:")
    }

    assert open_to_all == {"web"}


def test_the_simulator_profile_has_settings_that_hold() -> None:
    service = {name: value for name, value in variables("web").items() if value is not None}

    settings = read_settings(service | simulator_environ(), Settings)

    assert settings.has_calendar
    assert settings.has_documents
    assert settings.has_issues
    assert settings.sendgrid_host == "http://simulator:8090"


def test_the_image_keeps_secrets_and_the_embedded_server_out() -> None:
    image = (REPOSITORY / "Dockerfile").read_text()
    ignored = (REPOSITORY / ".dockerignore").read_text().splitlines()

    assert ignored[1] == "*"
    assert not {"!.env", "!deploy", "!tests"} & set(ignored)
    assert image.count("uv sync --frozen --no-dev") == 2
    assert re.search(r"^USER aftermath$", image, re.MULTILINE)


@pytest.mark.parametrize(
    "script", sorted((REPOSITORY / "deploy").glob("*.sh")), ids=lambda path: path.name
)
def test_the_scripts_can_be_read_by_a_shell(script: Path) -> None:
    shell = shutil.which("sh")
    assert shell

    subprocess.run([shell, "-n", script], check=True)

    assert os.access(script, os.X_OK)


async def test_the_registering_script_registers_what_the_code_uses_and_may_run_twice(
    tmp_path: Path,
) -> None:
    temporal = program("temporal")
    assert temporal
    async with Stack(tmp_path, parts={Part.TEMPORAL}) as stack:
        environ = {
            "PATH": f"{Path(temporal).parent}:{os.environ['PATH']}",
            "TEMPORAL_ADDRESS": stack.temporal_address,
            "TEMPORAL_NAMESPACE": "postmortems",
            "RETENTION": "30d",
        }
        for _ in range(2):
            script = await asyncio.create_subprocess_exec(
                str(REPOSITORY / "deploy/temporal-register.sh"), env=environ
            )
            assert await script.wait() == 0
        client = await Client.connect(stack.temporal_address, namespace="postmortems")
        known = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace="postmortems")
        )

    registered = {
        name: IndexedValueType.Name(kind).removeprefix("INDEXED_VALUE_TYPE_").replace("_", "")
        for name, kind in known.custom_attributes.items()
        if name.startswith("Postmortem")
    }
    assert registered == {name: kind.upper() for name, kind in SEARCH_ATTRIBUTES.items()}
