# Request: remind every customer with unpaid invoices, escalate those more than five overdue days.
# shape: nested-filter-write; tags: effects
import asyncio
import hermod

CUSTOMERS = ["Brauer", "Conti", "Dahl"]


async def main():
    reminders = 0
    for customer in CUSTOMERS:
        invoices = await hermod.call("list_invoices", customer=customer)
        unpaid = [invoice for invoice in invoices if not invoice["paid"]]
        if not unpaid:
            print(customer, "owes nothing")
            continue
        amount = sum(invoice["total"] for invoice in unpaid)
        urgent = any(invoice["due_in_days"] < 5 for invoice in unpaid)
        text = f"You owe {amount:.2f} for {len(unpaid)} invoices."
        if urgent:
            text = "LAST NOTICE. " + text
        await hermod.call("send_alert", to=customer, text=text)
        reminders += 1
        print(customer, amount, "urgent" if urgent else "")
    print(reminders, "reminders")


asyncio.run(main())
