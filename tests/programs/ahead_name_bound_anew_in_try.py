# What a `try` body binds anew from itself is bound once in the slice, too.
import asyncio

import hermod


async def main():
    result = await hermod.call("translate", text="umber", language="de")
    for name in ["dune", "quartz"]:
        print(name)
        try:
            if (result := await hermod.call("classify", text=result)) > "m":
                print(result)
            else:
                print(await hermod.call("summarize", text="amber"))
        except Exception:
            print("again")
            raise


asyncio.run(main())
