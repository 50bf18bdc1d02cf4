"""SIA DC-09 without sockets: frames, ciphers, replies, events. Facts from the protocol notes, clauses cited there."""

from console.station.dc09.brackets import data_groups
from console.station.dc09.cipher import Unreadable, decrypt, encrypt_content
from console.station.dc09.events import POLLS, decode_events, decode_group, is_poll, supported
from console.station.dc09.frame import Frame, Rejected, account_of, crc, stamp, within_window
from console.station.dc09.framing import Framer, inspect, parse_datagram
from console.station.dc09.reply import LONE_ACK, acknowledge, envelope, refuse_time, unable
from console.station.dc09.secrecy import masked, masked_bytes

__all__ = [
    "LONE_ACK",
    "POLLS",
    "Frame",
    "Framer",
    "Rejected",
    "Unreadable",
    "account_of",
    "acknowledge",
    "crc",
    "data_groups",
    "decode_events",
    "decode_group",
    "decrypt",
    "encrypt_content",
    "envelope",
    "inspect",
    "is_poll",
    "masked",
    "masked_bytes",
    "parse_datagram",
    "refuse_time",
    "stamp",
    "supported",
    "unable",
    "within_window",
]
