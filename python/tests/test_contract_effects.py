"""Effects and dependence: rules E1 to E6 of the contract, each on a tiny program."""

from __future__ import annotations

from collections import Counter
from textwrap import dedent

import pytest

from contract_programs import LOOP, TWO, A, B, Made, called
from coverage_programs import CATALOG
from hermod.testing import Plan, run


def test_e1_what_is_not_declared_is_assumed_pure_but_made_each_time() -> None:
    body = """
        from PIL import Image
        image = Image.open("a.jpg")
        first = await hermod.call("caption", image=image)
        second = await hermod.call("caption", image=image)
        print(first, second)
    """
    made = Made(body)
    assert "assumed [E1]: `caption`" in made.decisions
    assert called(made.run())["caption"] == 2


def test_e2_pure_calls_pass_what_may_fail_and_writes_do_not() -> None:
    body = """
        a = await hermod.call("classify", text="a")
        b = await hermod.call("classify", text="b")
        await hermod.call("count_up", name="n", by=1)
        print(a, b)
    """
    made = Made(body)
    issued = {call.key: call.issued for call in made.run(A=2.0, B=7.0).calls}
    assert [issued[A], issued[B]] == [0.0, 0.0]
    assert [when for key, when in issued.items() if "count_up" in key] == [7.0]
    assert made.fail(A).writes == made.fail(B).writes == []


def test_e2_reads_and_writes_of_one_state_keep_their_order() -> None:
    body = """
        first = await hermod.call("read_counter", name="n")
        other = await hermod.call("read_counter", name="m")
        await hermod.call("count_up", name="n", by=1)
        last = await hermod.call("read_counter", name="n")
        print(first, other, last)
    """
    calls = Made(body).run().calls
    begun = [call.issued for call in calls]
    assert [call.function for call in calls][2:] == ["count_up", "read_counter"]
    assert begun[0] == begun[1] == 0.0  # reads overlap reads
    assert begun[2] == max(call.latency for call in calls[:2])
    assert begun[3] == begun[2] + calls[2].latency


def test_e2_reads_do_not_cross_a_sleep_and_pure_calls_do() -> None:
    body = """
        await asyncio.sleep(5)
        reading = await hermod.call("read_counter", name="n")
        category = await hermod.call("classify", text="a")
        print(reading, category)
    """
    issued = {call.function: call.issued for call in Made(body).run(A=1.0).calls}
    assert issued == {"read_counter": 5.0, "classify": 0.0}


#: `category` is "umber", and nothing here is above "z": `embed` is never called.
UNDECIDED = {
    "if": """
        if category > "z":
            print(await hermod.call("embed", text="x"))
    """,
    "while": """
        while category > "z":
            print(await hermod.call("embed", text="x"))
    """,
    "break": """
        for text in ["x"]:
            if category < "z":
                break
            print(await hermod.call("embed", text=text))
    """,
    "continue": """
        for text in ["x", "y"]:
            if category < "z":
                continue
            print(await hermod.call("embed", text=text))
    """,
    "return": """
        if category < "z":
            return
        print(await hermod.call("embed", text="x"))
    """,
    "raise": """
        if category < "z":
            raise ValueError(category)
        print(await hermod.call("embed", text="x"))
    """,
    "assert": """
        assert category > "z"
        print(await hermod.call("embed", text="x"))
    """,
    "match": """
        match category:
            case "zebra":
                print(await hermod.call("embed", text="x"))
    """,
    "and": """
        print(category > "z" and await hermod.call("embed", text="x"))
    """,
    "or": """
        print(category < "z" or await hermod.call("embed", text="x"))
    """,
    "conditional expression": """
        print(await hermod.call("embed", text="x") if category > "z" else 0)
    """,
    "comprehension filter": """
        print([await hermod.call("embed", text=text) for text in "xy" if category > "z"])
    """,
    "length of the iterable": """
        for text in [one for one in [category] if one > "z"]:
            print(await hermod.call("embed", text=text))
    """,
    "handler": """
        try:
            print(await hermod.call("summarize", text="x"))
        except hermod.CallError:
            print(await hermod.call("embed", text="x"))
    """,
}


@pytest.mark.parametrize("test", UNDECIDED)
def test_e3_no_call_is_made_on_an_undecided_test(test: str) -> None:
    body = f"""
price = await hermod.call("price", item="p")
category = await hermod.call("classify", text="a")
print(price)
{dedent(UNDECIDED[test]).strip()}
"""
    made = Made(body)
    for seconds in (0.5, 50.0):
        report = made.run(A=seconds, P=1.0)
        assert called(report)["embed"] == 0
        assert {call.issued for call in report.calls if call.function != "summarize"} == {0.0}


def test_e3_the_success_of_an_earlier_call_is_no_test() -> None:
    failed = Made(TWO).fail(A)
    assert {call.key: call.issued for call in failed.calls} == {A: 0.0, B: 0.0}


def test_e4_keys_are_the_same_in_whatever_order_calls_are_issued() -> None:
    made = Made(LOOP + '    print(await hermod.call("read_counter", name=category))\n')
    for seed in range(5):
        slow, fast = (run(text, CATALOG, Plan(seed=seed)) for text in (made.serial, made.text))
        assert Counter(call.key for call in slow.calls) == Counter(call.key for call in fast.calls)
        latencies = {call.key: call.latency for call in slow.calls}
        assert all(latencies[call.key] == call.latency for call in fast.calls)


def test_e5_equal_calls_are_made_once_and_each_has_a_copy() -> None:
    body = """
        first = await hermod.call("keywords", text="a")
        second = await hermod.call("keywords", text="a")
        first.append("more")
        print(first, second)
    """
    assert called(Made(body).run()) == {"keywords": 1}


def test_e5_a_failure_is_never_reused() -> None:
    body = """
        price = await hermod.call("price", item="p")
        for attempt in range(3):
            try:
                print(await hermod.call("classify", text="a"))
                break
            except hermod.CallError:
                print("again", attempt)
        print(price, await hermod.call("embed", text="x"))
    """
    failed = Made(body).fail(A)
    # Three attempts; what was issued ahead failed too, and the first attempt had joined it.
    assert called(failed)["classify"] in {3, 4}
    assert failed.stdout.count("again") == 3


def test_e6_results_do_not_alias_and_an_image_changes_from_now_on() -> None:
    body = """
        from PIL import Image
        image, stamp = Image.open("scene.jpg"), Image.open("stamp.png")
        corner = image.crop((0, 0, 10, 10))
        rows = await hermod.call("glip", image=image, object_name="car")
        others = await hermod.call("glip", image=image, object_name="car")
        rows[0]["x"] = -1
        image.paste(stamp, (0, 0))
        print(rows == others, rows[0]["x"], others[0]["x"])
        print(await hermod.call("ocr", image=corner))
        print(await hermod.call("ocr", image=image))
    """
    seen = [call.key for call in Made(body).run().calls if call.function == "ocr"]
    assert sum("paste" in key for key in seen) == 1
    assert sum("crop" in key for key in seen) == 1
