"""Frames arrive as the network cuts them, not as they were sent."""

from __future__ import annotations

import socket

import pytest

from hermod.frames import FrameReader, packed_frame


def test_one_frame_of_several_leaves_the_others_for_later() -> None:
    """A gateway may say more right after its welcome."""
    gateway, client = socket.socketpair()
    with gateway, client:
        gateway.sendall(b"".join(packed_frame({"number": number}) for number in range(3)))
        reader = FrameReader(client)
        assert reader.read_one() == {"number": 0}
        assert reader.read_one() == {"number": 1}
        assert reader.read() == [{"number": 2}]
        gateway.sendall(packed_frame({"number": 3})[:3])
        gateway.sendall(packed_frame({"number": 3})[3:])
        assert reader.read() == [{"number": 3}]


def test_no_frame_where_one_was_expected() -> None:
    """The gateway has gone."""
    gateway, client = socket.socketpair()
    with client:
        gateway.close()
        with pytest.raises(ConnectionError, match="hung up"):
            FrameReader(client).read_one()
