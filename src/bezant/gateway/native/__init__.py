"""The native REST API: one file per resource, each endpoint with the same order of parts."""
