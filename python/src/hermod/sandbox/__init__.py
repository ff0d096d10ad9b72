"""The process that runs one program for `dice`, and the fork server that makes such processes.

Nothing in here decides what a program may do: the filters, the ruleset and the limits come from the
host (`crates/interpreter`), and are applied before the program's first line.
"""
