"""Check that the three invoices have a number, a date and a total. Stop with an error at the first bad one."""
# shape: raise-in-loop; tags: failures, helpers
import asyncio
import sys

import hermod

FILES = ["inv1.pdf", "inv2.pdf", "inv3.pdf"]


class InvalidInvoice(ValueError):
    def __init__(self, path: str, missing: str) -> None:
        super().__init__(f"{path}: no {missing}")


async def check_invoice(path: str) -> str:
    sections = await hermod.call("split_document", path=path)
    text = sections[0]["text"]
    number = await hermod.call("answer_question", context=text, question="Invoice number?")
    date = await hermod.call("answer_question", context=text, question="Date?")
    total = await hermod.call("answer_question", context=text, question="Total?")
    for name, reply in [("number", number), ("date", date), ("total", total)]:
        if reply["confidence"] < 25:
            raise InvalidInvoice(path, name)
    return f"{number['answer']} of {date['answer']}: {total['answer']}"


async def main():
    for path in FILES:
        print(await check_invoice(path))


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except InvalidInvoice as error:
        print(error, file=sys.stderr)
        sys.exit(1)
