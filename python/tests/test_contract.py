"""Each rule of the contract (`docs/contract.md`) on a tiny program, serial and distributed.

Observables here, rules A and E and the output forms in `test_contract_*.py`.

Rules, or parts of them, that are shown elsewhere; a test below looks whether it is still there:

O3  python/tests/test_call.py                test_errors_keep_what_differs_between_runs_as_attributes
E1  crates/catalog/tests/resources.rs        strict_effects_make_an_undeclared_one_a_write
E4  crates/runtime/tests/runtime/tasks.rs    writes_keep_their_order
E5  python/tests/test_call.py                test_many_tasks_await_it_and_each_gets_a_copy
E6  python/tests/test_images.py              test_a_change_in_place_is_a_new_version_and_crops_keep_the_old_one
H1  python/tests/test_call.py                test_a_call_is_issued_at_once_and_needs_no_loop
H1  python/tests/test_call.py                test_it_is_a_coroutine_for_whoever_asks
H1  python/tests/test_call.py                test_it_works_in
H1  python/tests/test_call.py                test_arguments_are_copied_before_it_returns
H1  python/tests/test_call.py                test_bad_arguments_surface_at_the_await
H1  python/tests/test_call.py                test_cancelling_one_awaiter_leaves_the_call_to_the_others
H2  crates/runtime/tests/runtime/tasks.rs    writes_that_nobody_awaits_are_finished_and_the_rest_is_abandoned
H3  crates/scheduler/src/state_order.rs      writes_wait_for_all_and_reads_for_writes
H4  python/tests/test_call.py                test_no_more_than_the_most_are_in_flight_and_the_oldest_goes_first
H4  python/tests/test_concurrency.py         test_never_more_than_the_window_is_started_and_not_taken
H4  python/tests/test_concurrency.py         test_recursion_by_start_does_not_deadlock
H5  python/tests/test_concurrency.py         test_gather_raises_the_first_failure_in_argument_order_not_in_time
H5  python/tests/test_concurrency.py         test_leaving_abandons_and_returns_once_all_has_unwound
H5  python/tests/test_concurrency.py         test_the_bodys_exception_is_never_swallowed
H5  python/tests/test_concurrency.py         test_the_module_is_short_and_imports_the_standard_library_only
"""  # noqa: E501

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contract_programs import LOOP, B, Made
from coverage_programs import CATALOG, ROOT, parallelize
from hermod.testing import Plan, run
from hermod.testing.compare import differences


@pytest.mark.parametrize(
    ("what", "old", "new"),
    [
        ("stdout", "print(a)", "print(a, a)"),
        ("stderr", 'write("so far")', 'write("so")'),
        ("end", "sys.exit(3)", "sys.exit(4)"),
        ("writes", "by=1", "by=2"),
    ],
)
def test_o1_equal_is_both_streams_the_end_and_the_writes(what: str, old: str, new: str) -> None:
    body = """
        import sys
        a = await hermod.call("classify", text="a")
        b = await hermod.call("classify", text="b")
        print(a)
        sys.stderr.write("so far")
        await hermod.call("count_up", name=b, by=1)
        sys.exit(3)
    """
    made = Made(body)
    other = made.text.replace(old, new)
    assert other != made.text
    assert [one.what for one in differences(made.serial, other, CATALOG, Plan())] == [what]


def test_o2_a_read_gives_what_the_writes_before_it_left() -> None:
    body = """
        price = await hermod.call("price", item="p")
        before = await hermod.call("read_counter", name="n")
        await hermod.call("count_up", name="n", by=1)
        after = await hermod.call("read_counter", name="n")
        print(price, before, after)
    """
    made = Made(body).run(P=1.0)
    reads = [call.key for call in made.calls if call.function == "read_counter"]
    assert [key[-2:] for key in reads] == ["@0", "@1"]


@pytest.mark.parametrize("seconds", range(1, 30, 3))
def test_o3_a_task_that_is_stopped_has_done_a_prefix(seconds: int) -> None:
    body = """
        for name in ["a", "b", "c"]:
            category = await hermod.call("classify", text=name)
            summary = await hermod.call("summarize", text=name)
            print(name, category, summary)
            await hermod.call("count_up", name=category, by=1)
    """
    made = Made(body)
    whole = run(made.serial, CATALOG, Plan())
    limited = made.text.replace("run(main())", f"run(asyncio.wait_for(main(), {seconds}))")
    stopped = run(limited, CATALOG, Plan())
    assert whole.stdout.startswith(stopped.stdout)
    assert whole.writes[: len(stopped.writes)] == stopped.writes


def test_o3_a_failure_that_is_printed_reads_the_same() -> None:
    body = """
        for text in ["a", "b"]:
            try:
                print(await hermod.call("classify", text=text))
            except hermod.CallError as error:
                print("failed:", error)
    """
    made = Made(body)
    assert re.search(r"^failed: classify: function raised: ", made.fail(B).stdout, re.MULTILINE)


def test_o4_own_output_comes_back_byte_for_byte() -> None:
    made = Made(LOOP)
    assert parallelize([made.text])[0]["source"] == made.text


def test_o4_what_is_printed_in_order_of_time_still_is() -> None:
    before = """
        async def show(text):
            print(await hermod.call("classify", text=text))
    """
    body = 'await asyncio.gather(show("a"), show("b"))'
    made = Made(body, before, changed=False)
    assert made.run(A=1.0, B=9.0).stdout != made.run(A=9.0, B=1.0).stdout


# Where the rest is shown


def elsewhere() -> list[tuple[str, str, str]]:
    rows = [line.split() for line in (__doc__ or "").splitlines()]
    return [(row[0], row[1], row[2]) for row in rows if len(row) == 3 and "/" in row[1]]


@pytest.mark.parametrize(("rule", "file", "test"), elsewhere())
def test_what_is_shown_elsewhere_is_there(rule: str, file: str, test: str) -> None:
    text = (ROOT / file).read_text()
    assert re.search(rf"^ *(async )?(def|fn) {test}\(", text, re.MULTILINE), (rule, file, test)


def test_every_rule_is_shown() -> None:
    rules = re.findall(r"^### ([OAEH]\d)\. ", (ROOT / "docs/contract.md").read_text(), re.MULTILINE)
    files = (ROOT / "python/tests").glob("test_contract*.py")
    tests = re.findall(r"^def test_([oaeh]\d)_", "".join(map(Path.read_text, files)), re.MULTILINE)
    assert len(rules) == 22
    assert set(rules) <= {*map(str.upper, tests)} | {rule for rule, *_ in elsewhere()}
