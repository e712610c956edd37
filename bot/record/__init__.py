"""The record as a file: what somebody did, set as a document they can hand on."""
