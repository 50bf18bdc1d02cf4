"""What rings: a sound per priority until taken (best-practice A). Decides in plain objects; plays apart."""

from __future__ import annotations

import array
import contextlib
import ctypes
import itertools
import sys
import threading
import time
import wave
from collections.abc import Callable, Generator, Hashable, Iterable
from functools import cache
from importlib.resources import files
from typing import Protocol

from models.records import AlarmView, Escalation

LINK_LOST = "link"
_RETRY_S = 60.0
_STILL_S = 2.0
"""A device that asks for no samples for so long plays nothing."""
_WARM_UP_S = 3.0
"""A sound server fills its buffers first: PulseAudio was seen to ask again only after 1.9 s."""


class Ringer:
    """Which sound is due. Muting silences what rings now, here alone; whatever is new rings anew."""

    def __init__(self) -> None:
        self._ringing: dict[Hashable, int] = {}
        self._muted: set[tuple[Hashable, int]] = set()

    def hear(
        self,
        alarms: Iterable[AlarmView],
        *,
        link_lost: bool,
        supervisor: bool = False,
        asked: Iterable[int] = (),
    ) -> None:
        """What makes itself heard now. A new signal, a warning, a return or an escalation is another sound."""
        self._ringing = {
            (
                *(alarm.id, alarm.state, alarm.signals, alarm.idle_warned_at),
                escalated_here(alarm, supervisor),
            ): min(alarm.priority, 4)
            for alarm in alarms
        }
        # Who asks for something is heard until it is answered.
        self._ringing.update({("asked", number): 2 for number in asked})
        if link_lost:
            self._ringing[LINK_LOST] = 2
        self._muted &= set(self._ringing.items())

    def mute(self) -> None:
        """Silence what rings now; again: hear it again."""
        now = set(self._ringing.items())
        self._muted = set() if self.muted else now

    @property
    def muted(self) -> bool:
        """Whether everything that rings is silenced here."""
        return bool(self._ringing) and set(self._ringing.items()) <= self._muted

    @property
    def priority(self) -> int | None:
        """The most urgent thing that is to be heard; None for silence."""
        return min((p for key, p in self._ringing.items() if (key, p) not in self._muted), default=None)

    def flash(self, *, unheard: bool) -> int | None:
        """What the border flashes for: an Emergency always; anything that is muted or ``unheard`` as well."""
        most = min(self._ringing.values(), default=None)
        return most if most == 1 or self.muted or unheard else None


def escalated_here(alarm: AlarmView, supervisor: bool) -> int:
    """To whom an unattended alarm was escalated, as far as it concerns this console (I4)."""
    return alarm.escalated if supervisor or alarm.escalated >= Escalation.EVERYBODY else 0


class Player(Protocol):
    """Something that plays one sound over and over."""

    trouble: str
    """Why nothing can be heard; empty when it can."""

    def play(self, priority: int | None) -> None:
        """Play the sound of a priority until told otherwise; None is silence."""

    def close(self) -> None:
        """Let go of the device."""


class SpeakerPlayer:
    """The workstation's sound device, through miniaudio. Without one it says so and tries again."""

    def __init__(self) -> None:
        self.trouble = ""
        self._device: object | None = None
        self._playing: int | None = None
        self._tried_at = self._pulled_at = float("-inf")
        self._apart: threading.Thread | None = None

    def play(self, priority: int | None) -> None:
        """See :class:`Player`. Asked at least every second, it also sees whether the device still plays."""
        if self._apart is not None and self._apart.is_alive():
            return
        if self._device is not None and time.monotonic() - self._pulled_at > _STILL_S:
            self.trouble = "the sound device stands still"
            self._do_apart(self._stop)
            return
        if priority == self._playing and (priority is None or self._device is not None):
            return
        self._stop()
        self._playing = priority
        if priority is None:
            return
        if not self.trouble:
            self._start(priority)
        elif time.monotonic() - self._tried_at >= _RETRY_S:
            self._do_apart(lambda: self._start(priority))

    def settle(self) -> None:
        """Wait for what is done apart."""
        if self._apart is not None:
            self._apart.join()

    def _do_apart(self, work: Callable[[], None]) -> None:
        # Where a sound server hangs, closing and opening hang with it, half a minute and longer: the console must not.
        self._apart = threading.Thread(target=work, daemon=True)
        self._apart.start()

    def close(self) -> None:
        """See :class:`Player`."""
        self._stop()

    def _start(self, priority: int) -> None:
        import miniaudio

        self._tried_at = time.monotonic()
        _quiet_alsa()
        # Never the null backend: silence must be told, not played.
        backends = [backend for backend in miniaudio.Backend if backend.name not in ("NULL", "CUSTOM")]
        rate, samples = read_sound(priority)
        try:
            device = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.SIGNED16,
                nchannels=1,
                sample_rate=rate,
                backends=backends,
                app_name="Vigie",
            )
            stream = loop_of(samples, self._pulled)
            next(stream)
            self._pulled_at = time.monotonic() + _WARM_UP_S
            device.start(stream)
        except miniaudio.MiniaudioError:
            self.trouble = "no sound device"
            return
        self._device, self.trouble = device, ""

    def _pulled(self) -> None:
        self._pulled_at = max(self._pulled_at, time.monotonic())

    def _stop(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            device.close()  # type: ignore[attr-defined]


@cache
def _quiet_alsa() -> object:
    """Without a card ALSA writes a dozen lines to standard error, at each try; that is said on the screen already.

    Its own switch for that: a handler of its messages, which must live as long as it does.
    """
    if not sys.platform.startswith("linux"):
        return None
    given = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)
    handler = given(lambda *_said: None)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(handler)
    return handler


def read_sound(priority: int) -> tuple[int, array.array[int]]:
    """Sample rate and samples (16 bit, mono) of a priority's sound."""
    with files("resources.sounds").joinpath(f"p{priority}.wav").open("rb") as raw, wave.open(raw) as sound:
        return sound.getframerate(), array.array("h", sound.readframes(sound.getnframes()))


def loop_of(
    samples: array.array[int], pulled: Callable[[], None] = lambda: None
) -> Generator[array.array[int], int, None]:
    """The sound over and over, in pieces of the size asked for. The first ``next`` readies it; each pull is told."""
    endless = itertools.cycle(samples)
    wanted = yield array.array("h")
    while True:
        pulled()
        wanted = yield array.array("h", itertools.islice(endless, wanted))
