"""What a deployment may set: environment variables that begin with PM_, read once, never changed.

Each program reads its own alone, so that the pages never hold what opens Google or Jira. The
connection to Temporal is not here: the SDK reads TEMPORAL_ADDRESS and its kin by itself.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from integrations.keys import MAKE_ONE, Keys, OptionalKeys, Secret, Secrets, apart, guessable

PREFIX = "PM_"
_SHIPPED = Path(__file__).resolve().parent
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
_YES = {"true", "1", "yes", "y", "on", "t"}


class WrongSettings(Exception):
    """Settings are missing or wrong; the text names every one and says what to do."""


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be a web address such as https://postmortems.example.com")
    return text.rstrip("/")


def _mail_address(text: str) -> str:
    name, _, domain = text.partition("@")
    if not name or not domain or any(mark.isspace() or mark in "<>,@" for mark in name + domain):
        raise ValueError("must be a bare mail address such as postmortems@example.com")
    return text


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise ValueError(f"there is no file {path} that can be read")
    return path


def _existing_folder(path: Path) -> Path:
    if not path.is_dir():
        raise ValueError(f"there is no folder {path} that can be read")
    return path


WebAddress = Annotated[str, AfterValidator(_web_address)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
ExistingFile = Annotated[Path, AfterValidator(_existing)]
ExistingFolder = Annotated[Path, AfterValidator(_existing_folder)]
CloudId = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{8,64}$")]
Port = Annotated[int, Field(ge=1, le=65535)]


class Keyed(BaseSettings):
    """What whoever reads a case is told. Each field is a variable: PM_ and its name in capitals.

    Made by `read_settings` alone, which also checks what belongs together.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    payload_keys: OptionalKeys = Field(
        (),
        description="keys that encrypt what Temporal keeps, oldest first, comma-separated; the "
        "last encrypts, all decrypt, and an old one stays for as long as a case may live; "
        "docs/security.md says how to change it. May be left out in development alone",
    )

    @classmethod
    def settings_customise_sources(  # type: ignore[override]  # the sources left out come by name
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  pydantic-settings passes it by name
        init_settings: PydanticBaseSettingsSource,
        **_others: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what `read_settings` was given, so that nobody reads another environment."""
        return (init_settings,)


class Common(Keyed):
    """What both programs are told."""

    public_url: WebAddress = Field(
        description="the address under which people and webhooks reach the pages; begins every link"
    )
    link_keys: Keys = Field(
        description="keys that sign the links in mails, oldest first, comma-separated; the last "
        "signs, all are believed, so a new key is added at the end"
    )
    code_keys: Keys = Field(
        description="keys that make the codes in mails, other ones than those of the links; added "
        "and replaced in the same way"
    )

    process_name: str = Field(
        "postmortem", description="what people call it: postmortem, incident review, debrief …"
    )
    policy_file: ExistingFile = Field(
        _SHIPPED / "policy.toml", description="the rules; without it, those that ship"
    )
    organisation_file: ExistingFile = Field(
        _SHIPPED / "organisation.toml", description="people, teams, services and their calendars"
    )
    wording: ExistingFolder | None = Field(
        None, description="a folder with words of your own: a file replaces ours of the same name"
    )
    internal_host: str = Field("127.0.0.1", description="the address that health answers on")
    internal_port: Port = Field(8081, description="the port that health answers on")
    development: bool = Field(
        default=False,
        description="true: cases may begin in the future, time may be skipped, and keys may be "
        "weak and vendors without https. Never in production",
    )


class WorkerSettings(Common):
    """What the worker is told beside: the vendors, what opens them, and where records lie.

    An integration whose fields are absent is off, and its work becomes a step for a person;
    only mail is needed.
    """

    archive_folder: Path = Field(description="the folder that keeps the records of closed cases")
    sendgrid_key: Secret = Field(description="the SendGrid API key, allowed to send mail")
    sender: MailAddress = Field(
        description="the address that mails come from; SendGrid must have verified it"
    )

    sender_name: str = Field("Aftermath", description="the name that mails come from")
    sendgrid_host: WebAddress = Field(
        "https://api.sendgrid.com",
        description="the address of SendGrid's API; https://api.eu.sendgrid.com in the EU",
    )

    google_token: Secret | None = Field(
        None, description="Google access, the short way: an access token as it stands"
    )
    google_service_account_file: ExistingFile | None = Field(
        None, description="Google access for a whole domain: the key file of a service account"
    )
    google_refresh_token_file: ExistingFile | None = Field(
        None, description="Google access of one account: the file of its OAuth refresh token"
    )
    google_subject: MailAddress | None = Field(
        None, description="the account that the service account acts as"
    )
    google_base_url: WebAddress | None = Field(
        None, description="another address for every Google API, such as the simulator's"
    )
    calendar_id: str | None = Field(
        None, description="the shared calendar; without it, people book meetings themselves"
    )
    google_documents: bool = Field(
        default=True, description="false: Google is there, but people make the documents themselves"
    )
    drive_folder: str | None = Field(
        None,
        description="the id of a folder that people made, for the folders of the cases; Google "
        "shows it to us only under the scope `drive`. Without it they lie in a folder "
        "Postmortems, which Aftermath makes and people may move, rename and share",
    )

    jira_url: WebAddress | None = Field(
        None, description="the address of Jira; without it, people open tickets themselves"
    )
    jira_flavour: Literal["cloud", "datacenter"] = Field(
        "cloud", description="which Jira it is: cloud, or datacenter for one of your own"
    )
    jira_cloud_id: CloudId | None = Field(
        None,
        description="the id of the site, for a token with scopes: it works through "
        "api.atlassian.com alone; https://your-site.atlassian.net/_edge/tenant_info tells the id",
    )
    jira_user: str | None = Field(
        None,
        description="the account that the Jira token belongs to; left out for a personal access "
        "token of Data Center and for a service account's token with scopes",
    )
    jira_token: Secret | None = Field(
        None, description="the API token or personal access token for Jira"
    )

    @property
    def has_calendar(self) -> bool:
        """Whether meetings are booked, or people book them."""
        return self._has_google and self.calendar_id is not None

    @property
    def has_documents(self) -> bool:
        """Whether documents are made, or people make them."""
        return self._has_google and self.google_documents

    @property
    def has_issues(self) -> bool:
        """Whether tickets are opened, or people open them."""
        return self.jira_url is not None

    @property
    def jira_api_url(self) -> str:
        """The address that Jira's API answers on; people open tickets at `jira_url`."""
        return f"{_SCOPED_JIRA}/{self.jira_cloud_id}" if self.jira_cloud_id else self.jira_url or ""

    @property
    def _has_google(self) -> bool:
        return any(getattr(self, name) is not None for name in _GOOGLE_ACCESS)


class WebSettings(Common):
    """What the pages are told beside: where they listen, and what signs the webhooks they take."""

    web_host: str = Field("127.0.0.1", description="the address that the pages listen on")
    web_port: Port = Field(8080, description="the port that the pages listen on")
    pagerduty_secrets: Secrets = Field(
        (), description="secrets that sign PagerDuty's webhooks, comma-separated"
    )
    generic_secrets: Secrets = Field(
        (), description="secrets that sign our own webhook, comma-separated"
    )
    jira_webhook_secret: Secret | None = Field(
        None, description="the secret that signs Jira's webhooks; without it they are refused"
    )
    codec_token: Secret | None = Field(
        None,
        description="what Temporal's pages and command line show to have payloads decrypted, on "
        "the internal port; without it, nothing is",
    )
    codec_origin: WebAddress | None = Field(
        None, description="the address of Temporal's pages, from which browsers may ask for it"
    )


class Settings(WebSettings, WorkerSettings):
    """Everything that a deployment may set, for what looks at all of it: doctor, demo, docs."""


PROGRAMS: Mapping[str, type[Common]] = {"worker": WorkerSettings, "web": WebSettings}
"""What each program of a deployment is told."""

_GOOGLE_ACCESS = ("google_token", "google_service_account_file", "google_refresh_token_file")
_JIRA = ("jira_url", "jira_token")
_BESIDE_JIRA = ("jira_user", "jira_cloud_id", "jira_flavour", "jira_webhook_secret")
_WEBHOOK_SECRETS = ("pagerduty_secrets", "generic_secrets", "jira_webhook_secret")
_VENDORS = ("sendgrid_host", "google_base_url", "jira_url")
_SCOPED_JIRA = "https://api.atlassian.com/ex/jira"


Some = TypeVar("Some", bound=Keyed)


def read_settings(environ: Mapping[str, str], kind: type[Some]) -> Some:
    """Return what an environment sets for one program, or everything.

    An empty variable is an absent one; what the other program needs is not looked at.

    Raises:
        WrongSettings: any is missing, wrong, unknown or lacks its companions; all are named.
    """
    given = given_to(without_others(environ, kind))
    wrong = list(_at_odds(given, kind))
    try:
        settings = kind.model_validate(given)
    except ValidationError as invalid:
        told = [_told(error) for error in invalid.errors()]
        wrong = told + [each for each in wrong if each[0] not in dict(told)]
    else:
        if not wrong:
            return settings
    raise WrongSettings(_message(wrong))


def without_others(environ: Mapping[str, str], kind: type[Keyed]) -> dict[str, str]:
    """Return an environment without what only the other program needs."""
    others = {variable(name) for name in Settings.model_fields.keys() - kind.model_fields.keys()}
    return {name: value for name, value in environ.items() if name not in others}


def given_to(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that an environment sets, as they stand there."""
    return {
        name.removeprefix(PREFIX).lower(): value.strip()
        for name, value in environ.items()
        if name.startswith(PREFIX) and value.strip()
    }


Wrong = tuple[str, str]
"""A setting, and what is wrong with it."""


def _told(error: ErrorDetails) -> Wrong:
    name = str(error["loc"][0])
    match error["type"]:
        case "missing":
            return name, f"is missing: {Settings.model_fields[name].description}"
        case "extra_forbidden":
            near = get_close_matches(name, Settings.model_fields, n=1)
            hint = f"; did you mean {variable(near[0])}?" if near else ""
            return name, f"is not a setting{hint}"
        case "value_error":
            return name, str(error["ctx"]["error"])
        case _:
            return name, error["msg"].replace("Input should", "must")


def _at_odds(given: Mapping[str, str], kind: type[Keyed]) -> Iterator[Wrong]:
    if issubclass(kind, WorkerSettings):
        yield from _google_at_odds(given)
        yield from _jira_at_odds(given)
    one_port = given.get("web_port", "8080") == given.get("internal_port", "8081")
    if one_port and issubclass(kind, WebSettings):
        yield "internal_port", f"must differ from {variable('web_port')}"
    if _in_clear(given.get("public_url", "")):
        yield "public_url", "must begin with https: who reads a link on its way may use it"
    if issubclass(kind, Common) and given.get("development", "").lower() not in _YES:
        yield from _careless(given)


def _careless(given: Mapping[str, str]) -> Iterator[Wrong]:
    """Yield what is good enough to try things with, and for nothing else."""
    for name in _VENDORS:
        if _in_clear(given.get(name, "")):
            yield name, "must begin with https: a key travels with each request"
    if "payload_keys" not in given:
        yield "payload_keys", f"is missing, so that Temporal would keep all in clear: {MAKE_ONE}"
    signing = ("link_keys", "code_keys", "payload_keys", "codec_token", *_WEBHOOK_SECRETS)
    keys = [(name, key) for name in signing for key in apart(given.get(name, ""))]
    for name, why in guessable(keys):
        yield name, f"{why}: {MAKE_ONE}"


def _in_clear(address: str) -> bool:
    """Tell whether others could read what is sent to an address."""
    parts = urlsplit(address)
    return parts.scheme == "http" and parts.hostname not in _THIS_MACHINE


def _jira_at_odds(given: Mapping[str, str]) -> Iterator[Wrong]:
    missing = [name for name in _JIRA if name not in given]
    beside = [name for name in (*_JIRA, *_BESIDE_JIRA) if name in given]
    if beside:
        for name in missing:
            yield name, f"is missing: {variable(beside[0])} is set, and Jira needs both"
    datacenter = given.get("jira_flavour") == "datacenter"
    if datacenter and "jira_cloud_id" in given:
        yield "jira_cloud_id", f"is for Jira Cloud, and {variable('jira_flavour')} is datacenter"
    named = datacenter or "jira_user" in given or "jira_cloud_id" in given
    if beside and not named:
        flavour, scoped = variable("jira_flavour"), variable("jira_cloud_id")
        told = "is missing: an API token needs its account; for a personal access token"
        yield "jira_user", f"{told} set {flavour}=datacenter, for one with scopes {scoped}"


def _google_at_odds(given: Mapping[str, str]) -> Iterator[Wrong]:
    access = [name for name in _GOOGLE_ACCESS if name in given]
    for name in access[1:]:
        yield name, f"is one access to Google too many beside {variable(access[0])}: keep one"
    by_service_account = "google_service_account_file" in given
    if "google_subject" in given and not by_service_account:
        yield "google_subject", f"needs {variable('google_service_account_file')}"
    if by_service_account and "calendar_id" in given and "google_subject" not in given:
        yield (
            "google_subject",
            "is missing: without an account to act as, Google lets no service account invite",
        )
    for name in ("calendar_id", "drive_folder", "google_base_url"):
        if name in given and not access:
            ways = ", ".join(map(variable, _GOOGLE_ACCESS))
            yield name, f"is set, but there is no access to Google: set one of {ways}"


def variable(field: str) -> str:
    """Return the environment variable of a field."""
    return PREFIX + field.upper()


def _message(wrong: list[Wrong]) -> str:
    lines = [f"  {variable(name)} {what}" for name, what in wrong]
    count = "1 setting is" if len(lines) == 1 else f"{len(lines)} settings are"
    return "\n".join(
        [
            f"Nothing was started, because {count} missing or wrong:",
            *lines,
            "Set them in the environment and start again; .env.example explains every one.",
        ]
    )
