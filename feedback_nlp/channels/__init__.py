"""Channels: an export file or an API -> records. One file per channel."""

from collections.abc import Sequence
from typing import Final

from feedback_nlp.channels import (
    app_store,
    community,
    customers,
    ecommerce,
    exposure,
    orders,
    support,
    survey,
    table,
    usage,
)
from feedback_nlp.errors import InputError
from feedback_nlp.intake.channel import Channel

__all__ = ["CHANNELS", "Channel", "guess", "named"]

CHANNELS: Final[dict[str, Channel]] = {
    module.CHANNEL.name: module.CHANNEL
    for module in (
        table,
        app_store,
        ecommerce,
        support,
        survey,
        community,
        usage,
        exposure,
        customers,
        orders,
    )
}
"""Every channel that reads a file, by name; a new one is a file and a line here."""


def named(name: str) -> Channel:
    """Return the channel of this name.

    Raises:
        InputError: there is none; the message lists the choices.
    """
    channel = CHANNELS.get(name)
    if channel is None:
        choices = "、".join(f"{each.name}（{each.title}）" for each in CHANNELS.values())
        raise InputError(f"没有通道“{name}”，可选：{choices}")
    return channel


def guess(header: Sequence[str]) -> str:
    """Return the name of the channel that such a table most likely is; "table" when unsure.

    That is the one that has its required columns and recognises the most headers, and more of
    them than any other. A guess is something to show, never to import by.
    """
    fits = {
        channel.name: len(set(columns.values()))
        for channel in CHANNELS.values()
        if not channel.shape.missing(header, columns := channel.columns(header))
    }
    most = max(fits.values(), default=0)
    best = [name for name, recognised in fits.items() if recognised == most]
    return best[0] if len(best) == 1 else table.CHANNEL.name
