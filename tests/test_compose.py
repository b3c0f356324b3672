"""The compose file, the image and the scripts that set up Temporal fit the code."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
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
from settings import PROGRAMS, Settings, read_settings, variable
from workflows.search_attributes import SEARCH_ATTRIBUTES

REPOSITORY = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("worker", "web")
PATH = str(REPOSITORY)
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
    profiles = {name: each["profiles"] for name, each in SERVICES.items() if "profiles" in each}
    assert profiles == {"simulator": ["simulator"], "temporal-ui": ["ui"]}


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_sets_what_is_no_setting(service: str) -> None:
    assert {name for name in variables(service) if name.startswith("PM_")} <= KNOWN


@pytest.mark.parametrize("service", OURS)
def test_each_of_our_parts_is_told_its_own_settings_and_no_others(service: str) -> None:
    own = {variable(name) for name in PROGRAMS[service].model_fields}

    assert {name for name in variables(service) if name.startswith("PM_")} == own


def test_each_of_our_parts_sees_its_own_files_alone() -> None:
    mounted = {name: {each.split(":")[0] for each in SERVICES[name]["volumes"]} for name in OURS}

    assert mounted["web"] == {"./deploy/files"}
    assert mounted["worker"] == {"./deploy/files", "./deploy/worker-files", "archive"}


def networks(service: str) -> set[str]:
    return set(SERVICES[service]["networks"])


def reached_from(network: str) -> set[str]:
    return {name for name in SERVICES if network in networks(name)}


def test_temporal_is_reached_by_our_parts_and_its_own_alone_and_from_no_other_network() -> None:
    asking = {"worker", "web", "temporal-register", "temporal-ui"}

    assert reached_from("cases") == {"temporal", *asking}
    assert reached_from("database") == {"postgresql", "temporal", "temporal-schema"}
    for name in ("cases", "database"):
        assert COMPOSE["networks"][name] == {"internal": True}
    for name in ("temporal", "postgresql"):
        assert networks(name) <= {"cases", "database"}
        assert "ports" not in SERVICES[name]


def test_the_pages_meet_no_vendor_and_temporals_pages_change_nothing() -> None:
    assert networks("web") & networks("worker") == {"cases"}
    assert variables("temporal-ui")["TEMPORAL_DISABLE_WRITE_ACTIONS"] == "true"


def test_no_password_is_known_before_somebody_sets_it() -> None:
    text = (REPOSITORY / "docker-compose.yml").read_text()
    of_the_database = {
        str(value)
        for name in SERVICES
        for key, value in variables(name).items()
        if re.search("PWD|PASSWORD", key)
    }

    assert of_the_database == {
        "${POSTGRES_PASSWORD:?set it in .env, to a password that nothing else uses}"
    }
    assert not re.search(r"(?i)(pass|pwd|secret|token|key)\w*:-", text)


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_has_rights_it_does_not_need_or_takes_the_whole_machine(service: str) -> None:
    told = SERVICES[service]

    assert told["cap_drop"] == ["ALL"]
    assert "cap_add" not in told
    assert not told.get("privileged")
    assert told["security_opt"] == ["no-new-privileges:true"]
    assert {"mem_limit", "cpus", "pids_limit"} <= told.keys()


@pytest.mark.parametrize("service", [*OURS, "simulator", "postgresql"])
def test_what_breaks_into_a_part_finds_nothing_to_write_its_tools_to(service: str) -> None:
    assert SERVICES[service]["read_only"] is True
    assert "/tmp" in SERVICES[service]["tmpfs"]  # noqa: S108 - of the container, in memory


@pytest.mark.parametrize("service", SERVICES)
def test_every_image_of_others_has_a_version_and_may_be_pinned_by_digest(service: str) -> None:
    if "build" in SERVICES[service]:
        return

    assert re.fullmatch(r"\$\{[A-Z_]+_IMAGE:-[a-z/-]+:[0-9.]+\}", SERVICES[service]["image"])


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
    told = {name: value for part in OURS for name, value in variables(part).items() if value}

    settings = read_settings(told | simulator_environ(), Settings)

    assert settings.has_calendar
    assert settings.has_documents
    assert settings.has_issues
    assert settings.sendgrid_host == "http://simulator:8090"


def test_the_image_keeps_secrets_and_the_embedded_server_out() -> None:
    image = (REPOSITORY / "Dockerfile").read_text()
    ignored = (REPOSITORY / ".dockerignore").read_text().splitlines()

    assert ignored[1] == "*"
    assert not {"!.env", "!deploy", "!tests", "!demo", "!devstack"} & set(ignored)
    assert image.count("uv sync --frozen") == image.count("--frozen --no-dev") == 3
    assert re.search(r"^USER aftermath$", image, re.MULTILINE)


def test_the_image_for_production_holds_no_simulator_and_is_the_one_that_is_run() -> None:
    stages = (REPOSITORY / "Dockerfile").read_text().split("\nFROM ")
    ours = {stage.split(" AS ")[1].splitlines()[0]: stage for stage in stages if " AS " in stage}

    assert list(ours)[-1] == "aftermath"
    assert "COPY --from=aftermath-built" in ours["aftermath"]
    assert "RUN rm -r simulator && uv sync" in ours["aftermath-built"]
    for part in OURS:
        assert SERVICES[part]["build"]["target"] == "aftermath"
    assert SERVICES["simulator"]["build"]["target"] == "simulator"
    assert SERVICES["simulator"]["image"] != SERVICES["web"]["image"]


def test_everything_that_a_deployment_runs_works_without_what_only_tries_things(
    tmp_path: Path,
) -> None:
    sent = re.findall(r"^!(.+)$", (REPOSITORY / ".dockerignore").read_text(), re.MULTILINE)
    for name in set(sent) - {"simulator"}:
        (tmp_path / name).symlink_to(REPOSITORY / name)
    program = (
        f"import sys; sys.path = [{str(tmp_path)!r}] + [p for p in sys.path if p != {PATH!r}]\n"
        "import cli, worker, web.server, console.doctor\n"
        "cli.main(['demo'])"
    )

    ended = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 2
    assert "not part of the image" in ended.stderr


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
