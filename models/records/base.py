"""What every record is."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A frozen record; unknown fields of a newer station are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")
