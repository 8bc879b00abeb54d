-- The log of what happened to staff, walked by what happened.
CREATE INDEX staff_event_kind ON staff_event (kind, id);
