"""The process that serves one function (docs/protocol.md): `python -m hermod worker FILE:NAME`.

`run` starts it, `service` talks to the gateway, `devices` holds what `__init__` loaded, `leases`
what was granted and what is not yet acknowledged, `execution` calls the author's code.
"""
