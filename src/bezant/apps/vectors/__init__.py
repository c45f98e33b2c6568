"""Runs the law's examples, written as text, against any engine (`tests/vectors/**/*.vec`).

`grammar` cuts a file into statements, `numbers` and `world` know what names and decimals mean,
`orders`, `setup` and `verbs` turn statements into commands, `claims` compares events with their
short form, `render` writes that form, `checks` asks the engine, `runner` puts it together.
The grammar is described in `tests/vectors/README.md`.
"""
