# Distances between all sequences as a lower triangular matrix, then the two nearest clusters.
# shape: triangular-matrix; tags:
import asyncio
import hermod

SEQ = ["ACCA", "ACCT", "GTTA", "GTAA"]


async def main():
    n = len(SEQ)
    d = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i):
            r = await hermod.call("align", first=SEQ[i], second=SEQ[j])
            d[i][j] = d[j][i] = r["score"] - r["gaps"]
    for i in range(n):
        print(SEQ[i], *(f"{d[i][j]:7.1f}" for j in range(i)))
    i, j = max(((i, j) for i in range(n) for j in range(i)), key=lambda ij: d[ij[0]][ij[1]])
    print("join", SEQ[i], SEQ[j])


asyncio.run(main())
