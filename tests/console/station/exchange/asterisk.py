"""A real Asterisk for the tests: started from a Debian tree that has it, between two sipp phones, on loopback alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import httpx

from tests.databases import free_port

ROOT = os.environ.get("VIGIE_ASTERISK_ROOT", "")
WHY_NOT = "no Asterisk: VIGIE_ASTERISK_ROOT names a Debian tree with the packages asterisk and sip-tester"
USER, PASSWORD = "vigie", "a-secret-of-the-tests"

# One network answers by the last digits of the number: 02 busy, 03 never, 04 refused, 05 unknown, 06 hangs up itself.
_PHONE = """<?xml version="1.0" encoding="ISO-8859-1" ?>
<!DOCTYPE scenario SYSTEM "sipp.dtd">
<scenario name="phone">
  <recv request="INVITE" crlf="true">
    <action>
      <ereg regexp="sip:[^@]*02@" search_in="msg" assign_to="busy" />
      <ereg regexp="sip:[^@]*03@" search_in="msg" assign_to="never" />
      <ereg regexp="sip:[^@]*04@" search_in="msg" assign_to="refused" />
      <ereg regexp="sip:[^@]*05@" search_in="msg" assign_to="unknown" />
      <ereg regexp="sip:[^@]*06@" search_in="msg" assign_to="short" />
    </action>
  </recv>
  <nop next="busy" test="busy" />
  <nop next="never" test="never" />
  <nop next="refused" test="refused" />
  <nop next="unknown" test="unknown" />
  {answer}
  <label id="talk" />
  <nop next="bye" test="short" />
  <recv request="BYE" />
  <send><![CDATA[
{ok}
  ]]></send>
  <nop next="end" />

  <label id="bye" />
  <pause milliseconds="1200" />
  <send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: [$local]
To: [$remote]
[last_Call-ID:]
CSeq: [cseq] BYE
Max-Forwards: 70
Content-Length: 0

  ]]></send>
  <recv response="200" />
  <nop next="end" />

  <label id="busy" />
  <send next="over"><![CDATA[
{busy}
  ]]></send>

  <label id="refused" />
  <send next="over"><![CDATA[
{refused}
  ]]></send>

  <label id="unknown" />
  <send next="over"><![CDATA[
{unknown}
  ]]></send>

  <label id="over" />
  <recv request="ACK" next="end" />

  <label id="never" />
  <send><![CDATA[
{ringing}
  ]]></send>
  <recv request="CANCEL" />
  <send><![CDATA[
{ok}
  ]]></send>
  <label id="end" />
  <timewait milliseconds="50" />
</scenario>
"""
_ANSWER = """<send><![CDATA[
{ringing}
  ]]></send>
  <pause milliseconds="400" />
  <send retrans="500"><![CDATA[
{answered}
  ]]></send>
  <recv request="ACK" rrs="true">
    <action>
      <ereg regexp=".*" search_in="hdr" header="From:" assign_to="remote" />
      <ereg regexp=".*" search_in="hdr" header="To:" assign_to="local" />
    </action>
  </recv>"""


def _reply(status: str, body: str = "") -> str:
    lines = [
        f"SIP/2.0 {status}",
        "[last_Via:]",
        "[last_From:]",
        "[last_To:];tag=[pid]SIPpTag[call_number]",
        "[last_Call-ID:]",
        "[last_CSeq:]",
        "Contact: <sip:[local_ip]:[local_port]>",
    ]
    if not body:
        return "\n".join([*lines, "Content-Length: 0", "", ""])
    return "\n".join([*lines, "Content-Type: application/sdp", "Content-Length: [len]", "", body])


_SDP = """v=0
o=phone 1 1 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio [media_port] RTP/AVP 0
a=rtpmap:0 PCMU/8000"""


def _scenario() -> str:
    replies = {
        "ringing": _reply("180 Ringing"),
        "answered": _reply("200 OK", _SDP),
        # To a BYE or CANCEL the tag is in the To already.
        "ok": _reply("200 OK").replace(";tag=[pid]SIPpTag[call_number]", ""),
        "busy": _reply("486 Busy Here"),
        "refused": _reply("603 Decline"),
        "unknown": _reply("404 Not Found"),
    }
    text = _PHONE.replace("{answer}", _ANSWER)
    for name, reply in replies.items():
        text = text.replace("{" + name + "}", reply)
    return text


class Asterisk:
    """Asterisk and two phones: the operator's, which answers after 0.4 s, and the network's."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="vigie-pbx-", dir=f"{ROOT}/tmp"))
        self._inside = f"/{self._folder.relative_to(ROOT)}"
        self.http, self._sip, self._operator, self._network = (free_port() for _ in range(4))
        self.url = f"http://127.0.0.1:{self.http}/ari"
        self._write()
        self._phones = [self._phone(port) for port in (self._operator, self._network)]
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def _phone(self, port: int) -> subprocess.Popen[bytes]:
        words = f"sipp -sf {self._inside}/phone.xml -i 127.0.0.1 -p {port} -mp {free_port()} -nostdin -nd -trace_err"
        return subprocess.Popen(
            ["chroot", ROOT, "sh", "-c", f"cd {self._inside} && exec {words}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _write(self) -> None:
        modules = next(Path(ROOT).glob("usr/lib/*/asterisk/modules"))
        under = {"etc": "etc", "run": "run", "log": "log", "spool": "spool", "var": "var"}
        for name in under:
            (self._folder / name).mkdir()
        for name in ("rest-api", "documentation"):
            shutil.copytree(f"{ROOT}/usr/share/asterisk/{name}", self._folder / "var" / name)
        (self._folder / "phone.xml").write_text(_scenario())
        at = self._inside
        files = {
            "asterisk.conf": f"""[directories]
astetcdir => {at}/etc
astmoddir => /{modules.relative_to(ROOT)}
astvarlibdir => {at}/var
astdbdir => {at}/var
astkeydir => {at}/var
astdatadir => {at}/var
astspooldir => {at}/spool
astrundir => {at}/run
astlogdir => {at}/log
astcachedir => {at}/var
""",
            "modules.conf": """[modules]
autoload=yes
noload => chan_iax2.so
noload => chan_unistim.so
noload => chan_mgcp.so
noload => chan_skinny.so
noload => chan_dahdi.so
noload => pbx_dundi.so
noload => res_geolocation.so
noload => res_hep.so
""",
            "logger.conf": "[logfiles]\nmessages => notice,warning,error,verbose\n",
            "http.conf": f"[general]\nenabled=yes\nbindaddr=127.0.0.1\nbindport={self.http}\n",
            "ari.conf": f"[general]\nenabled=yes\n[{USER}]\ntype=user\npassword={PASSWORD}\n",
            "rtp.conf": "[general]\nrtpstart=21000\nrtpend=21100\n",
            "extensions.conf": "[nowhere]\nexten => _X.,1,Hangup()\n",
            "indications.conf": "[general]\ncountry=be\n[be]\nringcadence=1000,3000\ndial=425\nbusy=425/500,0/500\n"
            "ring=425/1000,0/3000\ncongestion=425/167,0/167\n",
            "pjsip.conf": f"""[udp]
type=transport
protocol=udp
bind=127.0.0.1:{self._sip}
{self._endpoint("201", self._operator)}{self._endpoint("trunk", self._network)}{self._endpoint("299", free_port())}""",
        }
        for name, text in files.items():
            (self._folder / "etc" / name).write_text(text)

    def _endpoint(self, name: str, port: int) -> str:
        return f"""[{name}]
type=endpoint
context=nowhere
disallow=all
allow=ulaw
aors={name}
direct_media=no
[{name}]
type=aor
contact=sip:{name}@127.0.0.1:{port}
"""

    def start(self) -> None:
        """Start it and wait until its REST interface answers."""
        self._process = subprocess.Popen(
            ["chroot", ROOT, "asterisk", "-f", "-C", f"{self._inside}/etc/asterisk.conf"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(300):
            try:
                # The trunk's endpoint is there once the whole of it has started.
                ready = httpx.get(f"{self.url}/endpoints/PJSIP/trunk", auth=(USER, PASSWORD), trust_env=False)
            except httpx.TransportError:
                pass
            else:
                if ready.status_code == 200:
                    return
            time.sleep(0.1)
        raise AssertionError((self._folder / "log" / "messages").read_text()[-4000:])

    @property
    def stopped(self) -> bool:
        """Whether it does not run."""
        return self._process is None

    def stop(self) -> None:
        """As a power cut does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def channels(self) -> list[dict[str, object]]:
        """What is up there now."""
        found: list[dict[str, object]] = httpx.get(
            f"{self.url}/channels", auth=(USER, PASSWORD), trust_env=False
        ).json()
        return found

    def remove(self) -> None:
        """End everything."""
        self.stop()
        for phone in self._phones:
            phone.kill()
            phone.wait()
        shutil.rmtree(self._folder)
