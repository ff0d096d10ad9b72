# serial: reads_cross_other_states
import asyncio

import hermod


async def main():
    weather_call = hermod.call("weather", city="Bonn")
    number_call = hermod.call("count_up", name="visits", by=1)
    weather = await weather_call
    number = await number_call
    other = await hermod.call("weather", city="Rome")
    print(weather, number, other)


asyncio.run(main())
