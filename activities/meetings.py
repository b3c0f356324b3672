"""The shared calendar: when people are busy, and the one event of a case."""

from temporalio import activity

from activities.failures import told_to_temporal
from activities.pauses import Pause
from domain.meeting.effects import Busy, CallOffEvent, PutEvent, ReadBusy, ReadEvent
from domain.meeting.event import DesiredEvent, ObservedEvent
from integrations.ports import Calendar, Directory
from wording.rendering import Wording


class MeetingActivities:
    """Everything that cases ask of the calendar."""

    def __init__(
        self, calendar: Calendar, directory: Directory, wording: Wording, pause: Pause
    ) -> None:
        self._calendar = calendar
        self._directory = directory
        self._wording = wording
        self._pause = pause

    @activity.defn
    def read_busy_times(self, wanted: ReadBusy) -> Busy:
        """Return when people are busy; reading twice changes nothing."""
        with told_to_temporal(), self._pause.kept():
            people = self._directory.addresses(wanted.people)
            return Busy(times=dict(self._calendar.busy(people, wanted.within)))

    @activity.defn
    def put_event(self, wanted: PutEvent) -> ObservedEvent:
        """Bring the event to the wanted state; its id comes from its key, so there is one."""
        with told_to_temporal(), self._pause.kept():
            event = wanted.event
            people = self._directory.addresses([each.person for each in event.attendees])
            title, description = self._wording.event(event)
            desired = DesiredEvent(
                key=event.key,
                title=title,
                description=description,
                start=event.start,
                end=event.end,
                attendees=event.attendees,
            )
            return self._calendar.put_event(desired, people)

    @activity.defn
    def call_off_event(self, wanted: CallOffEvent) -> None:
        """Call the event off; a second time changes nothing."""
        with told_to_temporal(), self._pause.kept():
            self._calendar.call_off(wanted.event_key)

    @activity.defn
    def read_event(self, wanted: ReadEvent) -> ObservedEvent:
        """Return the event as people left it; reading twice changes nothing."""
        with told_to_temporal(), self._pause.kept():
            people = self._directory.addresses(wanted.people)
            return self._calendar.read_event(wanted.event_key, people)
