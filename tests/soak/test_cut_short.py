"""A file of the model cut while it is searched costs a worker, and never a judgement or a decision."""

from dataclasses import replace
from pathlib import Path

import pytest

from models import artifact
from models.artifact import Artifact
from service.clock import utc_now
from tests.builders import an_admission
from tests.soak.cut_short import cut_short
from tests.soak.installation import install


@pytest.mark.gunicorn
def test_a_file_that_is_cut_in_the_middle_of_a_search_is_told_and_the_case_is_decided(
    tmp_path: Path, trained_version: Artifact
) -> None:
    at = install(tmp_path)
    named = replace(trained_version, manifest=replace(trained_version.manifest, version="v1"))
    an_admission(at.engine, at.cast.dan, "v1", artifact.save(named, at.settings.models / "v1"), utc_now())

    came = cut_short(at, "cut")
    at.close()

    assert came.ended, "the kernel ends who reads what is gone"
    assert came.told
    assert came.decided
    assert came.clean
