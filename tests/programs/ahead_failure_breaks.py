import asyncio

import hermod


class TooMany(Exception):
    pass


async def close(ticket, most):
    count = await hermod.call("read_counter", name="closed")
    if count > most:
        raise TooMany(f"{count} of {most}")
    await hermod.call("close_ticket", id=ticket, reason="old")
    return await hermod.call("count_up", name="closed", by=1)


async def main():
    for ticket in (3, 5, 8):
        kind = await hermod.call("classify", text=f"ticket {ticket}")
        try:
            number = await close(ticket, 1)
        except TooMany as problem:
            print("later:", problem)
        except hermod.CallError as error:
            print("stopped:", error)
            break
        else:
            print(ticket, kind, number)


asyncio.run(main())
