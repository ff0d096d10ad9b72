"""The collection's stateful tools, as functions with effects, run for real in virtual time."""

from __future__ import annotations

import copy
import importlib
import inspect
import json
import sys
from pathlib import Path
from typing import Any

from bfcl.collection import MODULES, Scenario
from hermod import FunctionRaised
from hermod.testing.functions import Function, Functions, Plan


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Hang on their arguments alone.
PURE = _words("""
    gallon_to_liter liter_to_gallon estimate_distance get_zipcode_based_on_city display_log
    compute_exchange_rate list_all_airports get_nearest_airport_by_city get_symbol_by_name
    get_budget_fiscal_year
""")
#: Look, and change nothing. Where a tool draws from a generator (`get_current_speed`), it is not
#: here: what the next one draws hangs on it. `get_flight_cost` only keeps what it has computed.
READS = _words("""
    pwd ls cat find wc sort grep du tail diff
    get_current_time get_stock_info get_order_details get_account_info trading_get_login_status
    get_watchlist get_order_history get_transaction_history get_available_stocks
    filter_stocks_by_price notify_price_change
    get_ticket get_user_tickets ticket_get_login_status
    list_users get_user_id view_messages_sent search_messages get_message_stats
    message_get_login_status
    list_all_following get_tweet get_user_tweets search_tweets get_tweet_comments get_user_stats
    posting_get_login_status
    get_flight_cost get_credit_card_balance retrieve_invoice get_booking_history
    verify_traveler_information get_all_credit_cards travel_get_login_status
    displayCarStatus check_tire_pressure find_nearest_tire_shop
    estimate_drive_feasibility_by_mileage
""")
#: What `get_flight_cost` has computed.
COMPUTED = "_flight_cost_lookup"
TYPES = {"dict": "object", "float": "number"}


def effect_of(name: str) -> str:
    """Of a tool function."""
    return "pure" if name in PURE else "read" if name in READS else "write"


def schema(described: Any) -> Any:
    """The collection's own words for types, as JSON Schema has them."""
    if isinstance(described, list):
        return [schema(one) for one in described]
    if not isinstance(described, dict):
        return described
    made = {name: schema(one) for name, one in described.items() if name != "default"}
    if isinstance(kind := made.get("type"), str):
        made["type"] = TYPES.get(kind, kind)
    return made


def catalog_of(described: dict[str, list[dict[str, Any]]]) -> dict[str, Function]:
    """The functions of all classes; the state of each is its class."""
    return {
        one["name"]: Function(
            one["name"], effect_of(one["name"]), name,
            {"type": "object", "properties": {"result": schema(one["response"])}},
            schema(one["parameters"]),
        )
        for name, ones in described.items() for one in ones
    }  # fmt: skip


def resources(catalog: dict[str, Function]) -> str:
    """The same for the paralleliser."""
    return "\n---\n".join(
        f"apiVersion: hermod.nec-labs.com/v1\nkind: Function\nmetadata:\n  name: {one.name}\n"
        f"spec:\n  effect: {one.effect}\n  state: {one.state}\nstatus:\n  documentation: A tool.\n"
        f"  parametersSchema: {_quoted(one.parameters)}\n"
        f"  resultSchema: {_quoted(one.result)}\n"
        for one in catalog.values()
    )


def _quoted(value: dict[str, Any]) -> str:
    return "'" + json.dumps(value).replace("'", "''") + "'"


class Tools:
    """The tools of a scenario, as they are at its start."""

    def __init__(self, package: Path, scenario: Scenario) -> None:
        if str(package) not in sys.path:
            sys.path.append(str(package))
        self._objects: dict[str, Any] = {}
        for name in scenario.classes:
            folder = "bfcl_eval.eval_checker.multi_turn_eval.func_source_code"
            made = getattr(importlib.import_module(f"{folder}.{MODULES[name]}"), name)()
            made._load_scenario(copy.deepcopy(scenario.start.get(name, {})))
            self._objects[name] = made

    def method(self, name: str) -> Any:
        """The tool function of that name."""
        return next(getattr(one, name) for one in self._objects.values() if hasattr(one, name))

    def parameters(self, name: str) -> list[str]:
        """For arguments without names."""
        return list(inspect.signature(self.method(name)).parameters)

    def state(self) -> Any:
        """All that the tools know, as plain values."""
        return {name: _plain(one, set()) for name, one in self._objects.items()}


def _plain(value: Any, above: set[int]) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(one, above) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, above) for one in value]
    if hasattr(value, "getstate"):
        return hash(value.getstate())  # a generator of chance
    if not hasattr(value, "__dict__"):
        return sorted(value) if isinstance(value, set) else value
    if id(value) in above:
        return "above"  # a folder's parent
    fields = {name: one for name, one in vars(value).items()
              if name not in {"_last_modified", COMPUTED}}  # fmt: skip
    return _plain(fields, above | {id(value)})


class RealFunctions(Functions):
    """Calls end after made-up times, with what the tools say then."""

    def __init__(self, catalog: dict[str, Function], plan: Plan, tools: Tools) -> None:
        super().__init__(catalog, plan)
        self.tools = tools
        #: Functions that changed something, though they are not declared to.
        self.undeclared: set[str] = set()

    def result(self, function: Function, arguments: dict[str, Any], _key: str) -> Any:
        """Runs the tool."""
        before = self.tools.state() if function.effect != "write" else None
        try:
            return copy.deepcopy(self.tools.method(function.name)(**arguments))
        except Exception as error:
            raise FunctionRaised(function.name, str(error)) from error
        finally:
            if before is not None and self.tools.state() != before:
                self.undeclared.add(function.name)
