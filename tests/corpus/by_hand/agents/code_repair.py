# The tests are written beside the code; each attempt hangs on the one before, the second task on none.
import asyncio

import hermod

SPEC = "parse dates such as 3 May 2021"


def write(prompt):
    return hermod.call("ask_model", prompt=prompt, model="coder")


async def develop(spec, attempts=3):
    lines, error = [], None
    for attempt in range(1, attempts + 1):
        code, tests = await asyncio.gather(
            write(f"Python for: {spec}" if error is None else f"Python for: {spec}; last error: {error}"),
            write(f"Python for: tests for {spec}; last error: {attempt}"),
        )
        result = await hermod.call("run_code", code=f"{code}\n{tests}")
        lines.append(f"attempt {attempt}: exit {result['exit_code']}")
        if result["ok"] and result["exit_code"] < 24:
            return [*lines, f"done: {code}"]
        error = f"{attempt}: {result['stdout']}"
    return [*lines, f"gave up: {error}"]


async def main():
    for lines in await asyncio.gather(develop(SPEC), develop("count vowels")):
        print("\n".join(lines))


asyncio.run(main())
