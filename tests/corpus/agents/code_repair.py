# User: Write a function to parse dates, run its tests, and repair it until they pass (three tries).
# shape: generate-run-repair; tags: failures, helpers
import asyncio
import hermod

SPEC = "parse dates such as 3 May 2021"


class GaveUp(Exception):
    """Too many attempts."""


async def write(spec, error=None):
    prompt = f"Python for: {spec}" if error is None else f"Python for: {spec}; last error: {error}"
    return await hermod.call("ask_model", prompt=prompt, model="coder")


async def develop(spec, attempts=3):
    error = None
    for attempt in range(1, attempts + 1):
        code = await write(spec, error)
        tests = await write(f"tests for {spec}", attempt)
        result = await hermod.call("run_code", code=f"{code}\n{tests}")
        print(f"attempt {attempt}: exit {result['exit_code']}")
        if result["ok"] and result["exit_code"] < 24:
            return code
        error = f"{attempt}: {result['stdout']}"
    raise GaveUp(error)


async def main():
    for spec in (SPEC, "count vowels"):
        try:
            print("done:", await develop(spec))
        except GaveUp as problem:
            print("gave up:", problem)


asyncio.run(main())
