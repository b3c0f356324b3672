"""The contract of `incident_resolved` as a JSON Schema: `python -m console.contract` writes it."""

import json
from pathlib import Path
from typing import Any

from domain.incident import Incident

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "docs" / "incident.schema.json"
EXAMPLE = ROOT / "examples" / "incident.json"

FIELDS = {
    "key": "The incident tool's own key, as people say it. One key, one case.",
    "title": "One line that people recognise the incident by.",
    "severity": "How bad it was; sev1 is worst. The policy says which get a postmortem.",
    "services": "Ids of services in the organisation file, the most affected first: its team's "
    "calendar sets the limits.",
    "resolved_at": "When it was resolved, with an offset or Z. Every limit counts from here.",
    "started_at": "When it began, with an offset or Z; not after resolved_at.",
    "detected_at": "When somebody or something noticed it, with an offset or Z.",
    "summary": "What happened, in a few plain sentences for people inside the company.",
    "url": "Where the incident tool shows the incident.",
    "source": "Which tool tells this.",
    "participants": "Who took part, by person ids of the organisation file. Whoever is missing "
    "here is looked for in that file.",
    "shortened": "Names of those of these fields that were cut, because more was known than fits. "
    "The case shows it to operations.",
}


def schema() -> dict[str, Any]:
    """Return the JSON Schema of an incident, with its example."""
    made = Incident.model_json_schema()
    for name, said in FIELDS.items():
        made["properties"][name]["description"] = said
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "title": "incident_resolved",
        "description": "A resolved incident: the argument of the signal incident_resolved, and "
        "the body of the webhook /webhooks/generic. Unknown fields are refused.",
        "examples": [json.loads(EXAMPLE.read_text(encoding="utf-8"))],
    }


def text() -> str:
    """Return the schema as the file has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(text(), encoding="utf-8")
