"""Calls by a telephone exchange: Asterisk, by its REST interface and its events (G3)."""

from console.station.exchange.calls import Exchange
from console.station.exchange.settings import ExchangeRefused, ExchangeSettings

__all__ = ["Exchange", "ExchangeRefused", "ExchangeSettings"]
