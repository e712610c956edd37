"""The house the features live in: settings, time, storage, people, delivery and faces."""
