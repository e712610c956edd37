"""What Stint has read: the guidance it hands to people, checked before anybody sees it."""
