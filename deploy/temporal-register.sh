#!/bin/sh
# Makes the namespace and registers the search attributes that operations see. Safe to run again.
set -eu

tries=30
until temporal operator cluster health; do
  tries=$((tries - 1))
  if [ "$tries" -le 0 ]; then
    echo "Temporal at $TEMPORAL_ADDRESS does not answer, so nothing was registered: see its log." >&2
    exit 1
  fi
  sleep 2
done

temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"

# A new namespace reaches every part of the server within seconds, not at once.
tries=30
until temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" \
  --name PostmortemPhase --type Keyword \
  --name PostmortemSeverity --type Keyword \
  --name PostmortemServices --type KeywordList \
  --name PostmortemOwner --type Keyword \
  --name PostmortemWaitingOn --type KeywordList \
  --name PostmortemWaitingSince --type Datetime \
  --name PostmortemMeetingAt --type Datetime \
  --name PostmortemLate --type Bool \
  --name PostmortemNeedsAttention --type Bool; do
  tries=$((tries - 1))
  if [ "$tries" -le 0 ]; then
    echo "The search attributes cannot be registered, so no case can start: see above." >&2
    exit 1
  fi
  sleep 2
done
