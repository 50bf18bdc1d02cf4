"""Reports by e-mail over HTTP: which go out, when and to whom (G6, H)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import TypeAdapter

from console.station.acts import reports
from console.station.api.context import ActBody, Parts, SignedIn, StationParts, answer_once
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from console.station.store.ledger import Ledger
from models.records import ErrorCode, ReportPlan, Reports

router = APIRouter(prefix="/v1/reports")
_REPORTS = TypeAdapter(Reports)
_Report = Annotated[int, Path(ge=0, lt=2**63)]


class PlanBody(ActBody):
    """A report as it is to go out."""

    plan: ReportPlan


@router.get("")
async def show(caller: SignedIn, parts: StationParts) -> Reports:
    """All that there are, the next first, each with how it went last."""
    require(caller.roles, Right.HAND_OVER)
    return await parts.database.read(lambda connection: reports.show(connection, parts.mail))


@router.post("")
async def add(body: PlanBody, caller: SignedIn, parts: StationParts) -> Reports:
    """Set one up; answers with all."""
    _check(body.plan)

    def act(ledger: Ledger) -> Reports:
        reports.add(ledger, caller, parts.mail, body.plan)
        return _all(ledger, parts)

    return await answer_once(parts, caller, "report-add", body, act, _REPORTS)


@router.post("/{report}/change")
async def change(report: _Report, body: PlanBody, caller: SignedIn, parts: StationParts) -> Reports:
    """Change it, or switch it on or off; answers with all."""
    _check(body.plan)

    def act(ledger: Ledger) -> Reports:
        reports.change(ledger, caller, parts.mail, report, _version(body), body.plan)
        return _all(ledger, parts)

    return await answer_once(parts, caller, f"report-change/{report}", body, act, _REPORTS)


@router.post("/{report}/remove")
async def remove(report: _Report, body: ActBody, caller: SignedIn, parts: StationParts) -> Reports:
    """Remove it; a letter of it that is under way still goes. Answers with what is left."""

    def act(ledger: Ledger) -> Reports:
        reports.remove(ledger, caller, report, _version(body))
        return _all(ledger, parts)

    return await answer_once(parts, caller, f"report-remove/{report}", body, act, _REPORTS)


def _all(ledger: Ledger, parts: Parts) -> Reports:
    return reports.show(ledger.connection, parts.mail)


def _version(body: ActBody) -> int:
    if body.version is None:
        raise Refused(ErrorCode.INVALID, "Say which version was shown.", "version")
    return body.version


def _check(plan: ReportPlan) -> None:
    if "\\u0000" in plan.model_dump_json():
        raise Refused(ErrorCode.INVALID, "The text holds a NUL character.", "plan")
