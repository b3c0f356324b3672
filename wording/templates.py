"""Where the words come from: the files that ship, and a deployment's own, which win by name."""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import ChoiceLoader, FileSystemLoader

from wording.errors import WordingError

SHIPPED = Path(__file__).parent
_HEADER_ENDS = "---"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file as it is written: its header lines by name, and its body on the lines it has."""

    name: str
    header: dict[str, str]
    body: str


class Files:
    """All files of words by name, such as `notices/approval.md`."""

    def __init__(self, own: Path | None = None) -> None:
        if own is not None and not own.is_dir():
            raise WordingError(f"{own} is no folder: PM_WORDING names the folder of your words.")
        self._own = own
        folders = [*filter(None, (own,)), SHIPPED]
        self.loader = ChoiceLoader([FileSystemLoader(each) for each in folders])

    def text(self, name: str) -> str:
        """Return a file as it is written.

        Raises:
            WordingError: there is no such file, or it is no text.
        """
        found = [each / name for each in (self._own, SHIPPED) if each and (each / name).is_file()]
        if not found:
            raise WordingError(f"There is no {name}; write it, or let it be as it ships.")
        return self._read(found[0])

    def sheet(self, name: str, *header: str) -> Sheet:
        """Return a file with the header lines that it must have.

        Raises:
            WordingError: a line of its header is missing or unknown.
        """
        opening, _, rest = self.text(name).partition("\n")
        top, end, body = rest.partition(f"\n{_HEADER_ENDS}\n")
        if opening.strip() != _HEADER_ENDS or not end:
            raise WordingError(f"{name}: it begins with its header between two lines of '---'.")
        pairs = (line.partition(":") for line in top.splitlines())
        lines = {key.strip(): value.strip() for key, _, value in pairs}
        for missing in sorted(set(header) ^ lines.keys()):
            fault = "is missing" if missing in header else "is unknown"
            raise WordingError(f"{name}: '{missing}' {fault} in its header: {', '.join(header)}.")
        above = "\n" * (len(top.splitlines()) + 2)
        return Sheet(name, lines, f"{above}{body.rstrip()}\n")

    def shipped(self, folder: str, ending: str) -> tuple[str, ...]:
        """Return the names of the files that ship in a folder."""
        found = sorted((SHIPPED / folder).glob(f"*{ending}"))
        return tuple(f"{folder}/{each.name}" for each in found)

    def own(self) -> tuple[str, ...]:
        """Return the names of the deployment's own files; hidden ones are not meant."""
        if self._own is None:
            return ()
        paths = (each.relative_to(self._own) for each in self._own.rglob("*") if each.is_file())
        meant = (each for each in paths if not any(part.startswith(".") for part in each.parts))
        return tuple(sorted(each.as_posix() for each in meant))

    def shipped_words(self) -> tuple[tuple[str, str], ...]:
        """Return the tables of words that ship, each with its name."""
        return tuple((name, self._read(SHIPPED / name)) for name in self.shipped("words", ".toml"))

    def own_words(self) -> tuple[tuple[str, str], ...]:
        """Return the deployment's own tables of words, each with its path."""
        paths = sorted((self._own / "words").glob("*.toml")) if self._own else ()
        return tuple((str(path), self._read(path)) for path in paths)

    @staticmethod
    def _read(path: Path) -> str:
        try:
            return path.read_text("utf-8").replace("\r\n", "\n")
        except (OSError, ValueError) as error:
            raise WordingError(f"{path} cannot be read: {error}") from error
