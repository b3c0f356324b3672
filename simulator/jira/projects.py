"""Projects of the simulated Jira: who may do what there, and what their create screen demands."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from simulator.errors import VendorError, jira_error
from simulator.jira.site import (
    FIELDS,
    ISSUE_TYPES,
    PERMISSIONS,
    PRIORITIES,
    SUBTASK,
    Site,
    type_id,
)
from simulator.store import JSON
from simulator.world import World

_REQUIRED = {"summary", "project", "issuetype"}
_ON_SCREENS = ("summary", "issuetype", "project", "description", "priority", "labels", "duedate",
               "assignee", "reporter", "parent")  # fmt: skip
_WITH_DEFAULT = {"priority", "assignee", "reporter"}


class CustomField(BaseModel):
    """A field that a project's administrators added."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(pattern=r"^customfield_\d+$")
    name: str
    kind: Literal["string", "text", "number", "date", "option", "options", "user"] = "string"
    required: bool = False
    has_default: bool = False
    options: list[str] = []


class Project(BaseModel):
    """A Jira project as its administrators set it up."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(pattern=r"^[A-Z][A-Z0-9_]+$")
    name: str
    issue_types: list[str] = list(ISSUE_TYPES)
    denied: list[str] = []
    create_refusal: Literal[400, 403] = 400
    fields: list[CustomField] = []
    hidden: list[str] = []
    required: list[str] = []
    security_levels: list[str] = []

    @field_validator("denied")
    @classmethod
    def _known(cls, keys: list[str]) -> list[str]:
        unknown = set(keys) - PERMISSIONS.keys()
        if unknown:
            raise ValueError(f"Unknown permissions: {', '.join(sorted(unknown))}.")
        return keys


class Projects:
    """All projects, as the caller sees them."""

    def __init__(self, world: World, site: Site) -> None:
        self._world = world
        self._site = site

    def find(self, name: str) -> Project | None:
        """Return the set-up of a project that the caller may see, by key or id."""
        for kept in self._world.store.all("projects"):
            if name in {kept["key"], kept["id"]}:
                project = Project.model_validate(kept["setup"])
                return None if "BROWSE_PROJECTS" in project.denied else project
        return None

    def get(self, name: str) -> Project:
        """Return the set-up of a project, or refuse."""
        found = self.find(name)
        if found is None:
            raise jira_error(404, f"No project could be found with key '{name}'.")
        return found

    def told(self, project: Project) -> JSON:
        """Return a project as issues tell theirs."""
        kept = self._world.store.get("projects", project.key) or {}
        return {
            "self": f"{self._site.api}/project/{kept['id']}",
            "id": kept["id"],
            "key": project.key,
            "name": project.name,
            "projectTypeKey": "software",
        } | ({"simplified": False} if self._site.is_cloud else {})

    def demand(self, key: str, permission: str, refusal: VendorError) -> None:
        """Refuse unless the caller has a permission in a project."""
        if permission in self.get(key).denied:
            raise refusal

    def create_fields(self, project: Project, issue_type: str) -> list[JSON]:
        """Return what the create screen of an issue type offers and demands."""
        shown = [name for name in _ON_SCREENS if name not in project.hidden]
        told = [self._system_field(project, issue_type, name) for name in shown]
        if project.security_levels:
            told.append(self._system_field(project, issue_type, "security"))
        return [*told, *(_custom_field(field) for field in project.fields)]

    def option(self, kind: str, name: str) -> JSON:
        """Return a value that a field may have."""
        return {
            "self": f"{self._site.api}/{kind}/{type_id(name)}",
            "id": type_id(name),
            "name": name,
        }

    def _system_field(self, project: Project, issue_type: str, name: str) -> JSON:
        title, kind = FIELDS[name]
        required = name in _REQUIRED or name in project.required
        items = {"items": "string"} if kind == "array" else {}
        told: JSON = {
            "required": required or (name == "parent" and issue_type == SUBTASK),
            "schema": {"type": kind, "system": name} | items,
            "name": title,
            "key": name,
            "fieldId": name,
            "hasDefaultValue": name in _WITH_DEFAULT,
            "operations": ["add", "set", "remove"] if items else ["set"],
        }
        allowed = self._allowed(project, name)
        return told | ({"allowedValues": allowed} if allowed else {})

    def _allowed(self, project: Project, name: str) -> list[JSON]:
        match name:
            case "priority":
                return [self._site.named("priority", PRIORITIES, each) for each in PRIORITIES]
            case "issuetype":
                return [self._site.issue_type(each) for each in project.issue_types]
            case "project":
                return [self.told(project)]
            case "security":
                return [self.option("securitylevel", each) for each in project.security_levels]
            case _:
                return []


def _custom_field(field: CustomField) -> JSON:
    array = {"items": "option"} if field.kind == "options" else {}
    kind = {"options": "array", "text": "string"}.get(field.kind, field.kind)
    number = int(field.id.removeprefix("customfield_"))
    custom = f"com.atlassian.jira.plugin.system.customfieldtypes:{field.kind}"
    allowed = [{"id": type_id(each), "value": each} for each in field.options]
    told: JSON = {
        "required": field.required,
        "schema": {"type": kind, "custom": custom, "customId": number} | array,
        "name": field.name,
        "key": field.id,
        "fieldId": field.id,
        "hasDefaultValue": field.has_default,
        "operations": ["add", "set", "remove"] if array else ["set"],
    }
    return told | ({"allowedValues": allowed} if allowed else {})
