"""What rings, what flashes, and the real sound from a real sound server (I4, visual.md §5)."""

from __future__ import annotations

import array
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, ClassVar

import miniaudio
import pytest

from console.desk.bell import Ringer, SpeakerPlayer, loop_of, read_sound
from models.records import AlarmView, Returned
from tests.widgets.made import NOW, alarm, held

FIRE, HIGH, MEDIUM = alarm("F", priority=1), alarm("H", priority=2), alarm("M", priority=3)


@pytest.fixture
def ringer() -> Ringer:
    return Ringer()


def test_the_most_urgent_rings(ringer: Ringer) -> None:
    assert ringer.priority is None
    ringer.hear([MEDIUM, HIGH], link_lost=False)
    assert ringer.priority == 2
    ringer.hear([MEDIUM, FIRE, HIGH], link_lost=False)
    assert ringer.priority == 1
    ringer.hear([], link_lost=False)
    assert ringer.priority is None
    assert not ringer.muted


def test_mute_silences_only_what_rings_now(ringer: Ringer) -> None:
    ringer.hear([HIGH], link_lost=False)
    ringer.mute()
    assert (ringer.priority, ringer.muted) == (None, True)
    ringer.hear([HIGH, MEDIUM], link_lost=False)
    assert (ringer.priority, ringer.muted) == (3, False)
    ringer.mute()
    ringer.hear([MEDIUM, HIGH], link_lost=False)
    assert ringer.priority is None
    ringer.mute()
    assert ringer.priority == 2, "muted again: heard again"


@pytest.mark.parametrize(
    "later",
    [
        held(unseen=2, signals=3),
        # The first was marked seen and the next came before the screen was drawn again.
        held(unseen=1, signals=3),
        held(unseen=1, signals=2, idle_warned_at=NOW),
        alarm(unseen=1, signals=2, returned=Returned(at=NOW, why="WS 01 does not answer")),
    ],
    ids=["signal", "signal after one was seen", "warning", "returned"],
)
def test_I8_I4_what_is_new_on_a_muted_alarm_rings_anew(ringer: Ringer, later: AlarmView) -> None:
    ringer.hear([held(unseen=1, signals=2)], link_lost=False)
    ringer.mute()
    ringer.hear([held(unseen=1, signals=2, last_seq=11)], link_lost=False)
    assert ringer.priority is None, "a restoral does not"
    ringer.hear([later], link_lost=False)
    assert ringer.priority == 3


def test_a_higher_priority_rings_anew(ringer: Ringer) -> None:
    ringer.hear([alarm(priority=3)], link_lost=False)
    ringer.mute()
    ringer.hear([alarm(priority=1)], link_lost=False)
    assert ringer.priority == 1


def test_what_came_back_rings_anew(ringer: Ringer) -> None:
    ringer.hear([HIGH], link_lost=False)
    ringer.mute()
    ringer.hear([], link_lost=False)
    ringer.hear([HIGH], link_lost=False)
    assert ringer.priority == 2


def test_a_lost_link_rings(ringer: Ringer) -> None:
    ringer.hear([], link_lost=True)
    assert ringer.priority == 2
    ringer.mute()
    assert ringer.priority is None
    ringer.hear([], link_lost=False)
    ringer.hear([], link_lost=True)
    assert ringer.priority == 2


def test_what_flashes(ringer: Ringer) -> None:
    assert ringer.flash(unheard=True) is None
    ringer.hear([HIGH], link_lost=False)
    assert ringer.flash(unheard=False) is None
    assert ringer.flash(unheard=True) == 2, "without a sound device it must be seen"
    ringer.mute()
    assert ringer.flash(unheard=False) == 2, "muted: it must be seen"
    ringer.hear([HIGH, FIRE], link_lost=False)
    assert ringer.flash(unheard=False) == 1, "an Emergency always flashes"


@pytest.mark.parametrize("priority", [1, 2, 3, 4])
def test_each_priority_has_a_sound_of_its_own(priority: int) -> None:
    rate, samples = read_sound(priority)
    assert rate >= 4000
    assert 0.3 < len(samples) / rate < 10
    assert max(samples) > 3000
    others = [read_sound(other)[1] for other in range(1, 5) if other != priority]
    assert samples not in others


def test_the_sound_goes_round_without_a_gap() -> None:
    stream = loop_of(array.array("h", [1, 2, 3]))
    next(stream)
    assert [list(stream.send(4)) for _ in range(3)] == [[1, 2, 3, 1], [2, 3, 1, 2], [3, 1, 2, 3]]


def test_each_pull_is_told() -> None:
    pulls: list[int] = []
    stream = loop_of(array.array("h", [1, 2, 3]), lambda: pulls.append(1))
    next(stream)
    assert pulls == []
    stream.send(4)
    stream.send(4)
    assert pulls == [1, 1]


def _play(words: str, **env: str) -> str:
    program = f"from console.desk.bell import SpeakerPlayer\nimport sys, time\nplayer = SpeakerPlayer()\n{words}"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_without_a_device_the_player_says_so(tmp_path: Path) -> None:
    nothing = {"PULSE_SERVER": f"unix:{tmp_path}/none", "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)}
    if Path("/proc/asound/pcm").exists() and Path("/proc/asound/pcm").read_text():
        pytest.skip("this machine has a sound card")
    said = _play("player.play(1); player.play(1); print(player.trouble); player.play(None); player.close()", **nothing)
    assert said == "no sound device\n"


def test_silence_is_told_and_never_played(monkeypatch: pytest.MonkeyPatch) -> None:
    offered: list[str] = []

    def refuse(**wanted: Any) -> None:
        offered.extend(backend.name for backend in wanted["backends"])
        raise miniaudio.MiniaudioError("none")

    monkeypatch.setattr(miniaudio, "PlaybackDevice", refuse)
    player = SpeakerPlayer()
    player.play(1)
    assert "PULSEAUDIO" in offered
    assert "NULL" not in offered, "a device that swallows every sound must not count as one"
    assert player.trouble == "no sound device"


def test_it_tries_the_device_again_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now, tries, works = [100.0], [], []

    def start(priority: int) -> None:
        player._tried_at = player._pulled_at = now[0]
        tries.append(priority)
        player.trouble = "" if works else "no sound device"
        player._device = _Device() if works else None

    player = SpeakerPlayer()
    monkeypatch.setattr("console.desk.bell.time.monotonic", lambda: now[0])
    monkeypatch.setattr(player, "_start", start)
    player.play(1)
    now[0] += 59
    player.play(1)
    assert tries == [1]
    works.append(True)
    now[0] += 2
    player.play(1)
    player.settle()
    player.play(1)
    assert (tries, player.trouble) == ([1, 1], "")
    player.play(2)
    assert tries == [1, 1, 2]
    player.close()


class _Standing:
    """A device that pulls only when the test pulls."""

    made: ClassVar[list[_Standing]] = []
    hangs: ClassVar[threading.Event] = threading.Event()

    def __init__(self, **_wanted: Any) -> None:
        self.closed = False
        self.made.append(self)

    def start(self, stream: Generator[array.array[int], int, None]) -> None:
        self.stream = stream

    def close(self) -> None:
        self.hangs.wait(20)
        self.closed = True


@pytest.fixture
def standing(monkeypatch: pytest.MonkeyPatch) -> type[_Standing]:
    monkeypatch.setattr(_Standing, "made", [])
    monkeypatch.setattr(_Standing, "hangs", threading.Event())
    monkeypatch.setattr(miniaudio, "PlaybackDevice", _Standing)
    return _Standing


def test_a_device_that_no_longer_pulls_is_trouble_and_started_anew(
    monkeypatch: pytest.MonkeyPatch, standing: type[_Standing]
) -> None:
    now = [100.0]
    monkeypatch.setattr("console.desk.bell.time.monotonic", lambda: now[0])
    player = SpeakerPlayer()
    player.play(1)
    for _ in range(20):
        now[0] += 1
        standing.made[0].stream.send(10)
        player.play(1)
        assert player.trouble == ""
    now[0] += 2.1
    # Its server hangs, and closing it hangs with it: the console must not.
    player.play(1)
    assert player.trouble == "the sound device stands still"
    now[0] += 60
    player.play(1)
    assert len(standing.made) == 1, "not before the last one is gone"
    standing.hangs.set()
    player.settle()
    assert standing.made[0].closed
    player.play(1)
    player.settle()
    assert (len(standing.made), player.trouble) == (2, "")
    player.close()


def test_a_device_that_stands_still_is_tried_again_after_a_minute(
    monkeypatch: pytest.MonkeyPatch, standing: type[_Standing]
) -> None:
    now = [100.0]
    monkeypatch.setattr("console.desk.bell.time.monotonic", lambda: now[0])
    standing.hangs.set()
    player = SpeakerPlayer()
    player.play(1)
    for _ in range(58):
        now[0] += 1
        player.play(1)
        player.settle()
    assert (len(standing.made), player.trouble) == (1, "the sound device stands still")
    now[0] += 2
    player.play(1)
    player.settle()
    assert (len(standing.made), player.trouble) == (2, "")
    player.close()


def test_silence_pulls_nothing_and_is_no_trouble(monkeypatch: pytest.MonkeyPatch, standing: type[_Standing]) -> None:
    now = [100.0]
    monkeypatch.setattr("console.desk.bell.time.monotonic", lambda: now[0])
    standing.hangs.set()
    player = SpeakerPlayer()
    for priority in (1, None, None, 1):
        player.play(priority)
        player.settle()
        assert player.trouble == ""
        now[0] += 4
    player.close()


class _Device:
    def close(self) -> None:
        """Nothing to let go of."""


@contextmanager
def sound_server(folder: Path) -> Iterator[dict[str, str]]:
    """A private PulseAudio with a null sink; gives what a program must be told to find it."""
    for program in ("pulseaudio", "parec", "pactl"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed (Debian: apt-get install pulseaudio pulseaudio-utils)")
    folder.mkdir(mode=0o700)
    socket = folder / "native"
    env = {
        "XDG_RUNTIME_DIR": str(folder),
        "PULSE_RUNTIME_PATH": str(folder),
        "PULSE_STATE_PATH": str(folder),
        "HOME": str(folder),
        "PULSE_SERVER": f"unix:{socket}",
    }
    words = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"]
    modules = ["module-null-sink sink_name=vigie rate=48000", f"module-native-protocol-unix socket={socket}"]
    server = subprocess.Popen(
        ["pulseaudio", *words, *[f"--load={module}" for module in modules]],
        env={**os.environ, **env},
        stderr=subprocess.PIPE,
    )
    try:
        for _ in range(100):
            if subprocess.run(["pactl", "info"], env={**os.environ, **env}, capture_output=True).returncode == 0:
                break
            if server.poll() is not None:
                pytest.skip(f"pulseaudio does not start here: {(server.stderr.read() or b'')[-300:]!r}")  # type: ignore[union-attr]
        yield env
    finally:
        server.terminate()
        server.communicate(timeout=20)


_RATE = 16000
_PLAYER = """
from console.desk.bell import SpeakerPlayer
player = SpeakerPlayer()
player.play(1)
print(repr(player.trouble), flush=True)
input()
player.play(None)
print("silent", flush=True)
input()
"""


def _hear(recorder: subprocess.Popen[bytes], enough: Callable[[list[int]], bool]) -> None:
    """Listen until the loudest samples of each tenth of a second, in order, are enough; half a minute at most."""
    assert recorder.stdout is not None
    loudest: list[int] = []
    until = time.monotonic() + 30
    while not enough(loudest):
        assert time.monotonic() < until, loudest
        samples = array.array("h", recorder.stdout.read(2 * _RATE // 10))
        loudest.append(max(map(abs, samples)))


def test_the_sound_is_heard_and_then_silence(tmp_path: Path) -> None:
    with sound_server(tmp_path / "run") as env, ExitStack() as ends:
        everywhere = {**os.environ, **env}
        words = ["-d", "vigie.monitor", "--format=s16le", f"--rate={_RATE}", "--channels=1", "--latency-msec=50"]
        recorder = subprocess.Popen(["parec", *words], env=everywhere, stdout=subprocess.PIPE)
        ends.callback(recorder.communicate)
        ends.callback(recorder.kill)
        player = subprocess.Popen(
            [sys.executable, "-c", _PLAYER],
            env=everywhere,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        ends.callback(player.communicate)
        ends.callback(player.kill)
        assert player.stdin is not None
        assert player.stdout is not None
        assert player.stdout.readline() == "''\n", "no trouble"
        # Over and over: longer than the sound itself is.
        once = len(read_sound(1)[1]) / read_sound(1)[0]
        _hear(recorder, lambda heard: sum(peak > 1000 for peak in heard) > 10 * once)
        player.stdin.write("\n")
        player.stdin.flush()
        assert player.stdout.readline() == "silent\n"
        _hear(recorder, lambda heard: len(heard) > 10 and max(heard[-10:]) == 0)


_WATCHER = """
import time
from console.desk.bell import SpeakerPlayer
player = SpeakerPlayer()
until = time.monotonic() + 6
while time.monotonic() < until:
    player.play(1)
    assert player.trouble == "", player.trouble
    time.sleep(0.1)
print("plays", flush=True)
while not player.trouble:
    player.play(1)
    time.sleep(0.1)
print(player.trouble, flush=True)
"""


def test_a_sound_server_that_ends_is_told(tmp_path: Path) -> None:
    with sound_server(tmp_path / "run") as env, ExitStack() as ends:
        everywhere = {**os.environ, **env}
        words = [sys.executable, "-c", _WATCHER]
        player = subprocess.Popen(words, env=everywhere, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        ends.callback(player.communicate)
        ends.callback(player.kill)
        assert player.stdout is not None
        assert player.stdout.readline() == "plays\n"
        subprocess.run(["pactl", "exit"], env=everywhere, check=True, timeout=20)
        said: list[str] = []
        reader = threading.Thread(target=lambda: said.append(player.stdout.readline()), daemon=True)
        reader.start()
        reader.join(8)
        assert said == ["the sound device stands still\n"]


def test_I4_an_escalated_alarm_rings_through_mute_for_those_it_was_escalated_to() -> None:
    for supervisor, level, heard in ((True, 1, 1), (False, 1, None), (False, 2, 1), (True, 2, 1)):
        ringer = Ringer()
        ringer.hear([FIRE], link_lost=False, supervisor=supervisor)
        ringer.mute()
        ringer.hear([FIRE.model_copy(update={"escalated": level})], link_lost=False, supervisor=supervisor)
        assert ringer.priority == heard, (supervisor, level)
