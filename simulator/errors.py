"""The vendors' error bodies, exactly as they write them."""

from http import HTTPStatus

from simulator.store import JSON

_PLACES = {
    "/rest/": "jira",
    "/ex/jira/": "jira",
    "/v3/": "sendgrid",
    "/token": "google-token",
    "/calendar/v3": "google-calendar",
    "/batch/calendar/v3": "google-calendar",
    "/drive/v3": "google-drive",
    "/batch/drive/v3": "google-drive",
    "/upload/drive/v3": "google-drive",
    "/v1/documents": "google-docs",
}
"""Where the paths of each API begin; Google counts each of its own by itself."""

_GOOGLE = {"google-calendar", "google-drive", "google-docs"}
_GOOGLE_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
}
_GOOGLE_REASON = {
    400: "badRequest",
    403: "rateLimitExceeded",
    404: "notFound",
    429: "rateLimitExceeded",
    500: "backendError",
    503: "backendError",
}
_UNAUTHORIZED = (
    "Client is unauthorized to retrieve access tokens using this method, or client not authorized "
    "for any of the scopes requested."
)
_TOKEN_ERRORS = {
    "invalid_grant": (400, "Token has been expired or revoked."),
    "invalid_client": (401, "The OAuth client was not found."),
    "unauthorized_client": (401, _UNAUTHORIZED),
    "invalid_scope": (400, "Invalid OAuth scope or ID token audience provided."),
}
# httplib2 cannot parse a bare "Bearer" challenge.
_CHALLENGE = {
    "WWW-Authenticate": 'Bearer realm="https://accounts.google.com/", error=invalid_token'
}


class VendorError(Exception):
    """An answer other than success, in the vendor's own shape."""

    def __init__(self, status: int, body: JSON, headers: dict[str, str] | None = None) -> None:
        super().__init__(str(body))
        self.status = status
        self.body = body
        self.headers = headers or {}


def vendor_of(path: str) -> str | None:
    """Say whose API a path belongs to; pages and the control API are nobody's."""
    return next((api for place, api in _PLACES.items() if path.startswith(place)), None)


def belongs(path: str, vendor: str) -> bool:
    """Say whether a path is of an API; to `google` belong Calendar, Drive and Docs."""
    owner = vendor_of(path)
    return owner == vendor or (vendor == "google" and owner in _GOOGLE)


def google_error(
    status: int, reason: str, message: str, location: tuple[str, str] | None = None
) -> VendorError:
    """Refuse as Calendar and Drive do; the location is its type and its name."""
    detail = {"domain": "global", "reason": reason, "message": message}
    if location:
        detail |= {"locationType": location[0], "location": location[1]}
    return VendorError(status, {"error": {"errors": [detail], "code": status, "message": message}})


def google_docs_error(status: int, message: str, name: str | None = None) -> VendorError:
    """Refuse as Docs does."""
    known = name or _GOOGLE_STATUS.get(status, "INTERNAL")
    return VendorError(status, {"error": {"code": status, "message": message, "status": known}})


def google_unauthenticated() -> VendorError:
    """Refuse a Google call that carries no token."""
    message = (
        "Request is missing required authentication credential. Expected OAuth 2 access token, "
        "login cookie or other valid authentication credential."
    )
    detail = {
        "message": "Login Required.",
        "domain": "global",
        "reason": "required",
        "location": "Authorization",
        "locationType": "header",
    }
    error = {"code": 401, "message": message, "errors": [detail], "status": "UNAUTHENTICATED"}
    return VendorError(401, {"error": error}, _CHALLENGE)


def google_invalid_token(path: str) -> VendorError:
    """Refuse a Google call whose token was never given or has expired; Docs names no errors."""
    message = (
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login "
        "cookie or other valid authentication credential. See "
        "https://developers.google.com/identity/sign-in/web/devconsole-project."
    )
    detail = {
        "message": "Invalid Credentials",
        "domain": "global",
        "reason": "authError",
        "location": "Authorization",
        "locationType": "header",
    }
    errors = {} if vendor_of(path) == "google-docs" else {"errors": [detail]}
    error = {"code": 401, "message": message, "status": "UNAUTHENTICATED"}
    return VendorError(401, {"error": error | errors}, _CHALLENGE)


def token_error(error: str, description: str | None = None) -> VendorError:
    """Refuse as Google's token endpoint does; without a description, in its usual words."""
    status, usual = _TOKEN_ERRORS.get(error, (400, "Bad Request"))
    return VendorError(status, {"error": error, "error_description": description or usual})


def jira_error(status: int, *messages: str, **fields: str) -> VendorError:
    """Refuse as Jira does: general messages, and one message per field."""
    return VendorError(status, {"errorMessages": list(messages), "errors": fields})


def sendgrid_error(status: int, message: str, field: str | None = None) -> VendorError:
    """Refuse as SendGrid does."""
    return VendorError(status, {"errors": [{"message": message, "field": field, "help": None}]})


def shaped(path: str, status: int, message: str | None = None) -> VendorError:
    """Refuse a call on a path in the shape of the vendor that owns the path."""
    said = message or HTTPStatus(status).phrase
    match vendor_of(path):
        case "jira":
            return jira_error(status, said)
        case "sendgrid":
            return sendgrid_error(status, said)
        case "google-docs":
            return google_docs_error(status, said)
        case "google-token":
            return VendorError(status, {"error": "invalid_request", "error_description": said})
        case "google-calendar" | "google-drive":
            return google_error(status, _GOOGLE_REASON.get(status, "backendError"), said)
        case _:
            return VendorError(status, {"detail": said})


def unreadable_body(path: str) -> VendorError:
    """Refuse a body that is no JSON object."""
    if vendor_of(path) == "jira":
        return jira_error(
            400, "There was an error parsing JSON. Check that your request body is valid."
        )
    if vendor_of(path) == "sendgrid":
        return sendgrid_error(400, "Bad Request")
    return shaped(path, 400, "Invalid JSON payload received. Unexpected token.")
