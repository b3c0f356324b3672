"""A stretch of time between two instants."""

from pydantic import AwareDatetime

from domain.engine.value import Value


class Interval(Value):
    """From start up to, not including, end."""

    start: AwareDatetime
    end: AwareDatetime

    def overlaps(self, other: "Interval") -> bool:
        """Tell whether the two share any time."""
        return self.start < other.end and other.start < self.end
