"""What the images copy is let into their build."""

from __future__ import annotations

from tools.places import ROOT


def test_given_the_folders_an_image_copies_when_built_then_the_build_may_see_each():
    copies = [line.split()[1:-1] for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("COPY ")]
    wanted = {source.split("/")[0] for sources in copies for source in sources if not sources[0].startswith("--from")}
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert set() == wanted - allowed
