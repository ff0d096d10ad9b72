# Request: what is my portfolio worth in euros, position by position?
# shape: positions-total; tags: effects
import asyncio
import hermod

PORTFOLIO = {"ACME": 12, "GLOBEX": 5, "INITECH": 40, "HOOLI": 3}


async def main():
    total = 0.0
    for symbol, shares in PORTFOLIO.items():
        quote = await hermod.call("get_quote", symbol=symbol)
        value = quote["price"] * shares
        if quote["currency"] != "EUR":
            value = await hermod.call("convert", amount=value, base=quote["currency"], target="EUR")
        total += value
        print(f"{symbol:<8}{shares:>5} {value:>10.2f} EUR")
    print(f"{'total':<14}{total:>10.2f} EUR")


asyncio.run(main())
