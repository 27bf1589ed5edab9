"""Results as a JSON file for machines and a Markdown file for people, under the same name."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.rounds import Spread, Track, ratios
from benchmarks.scores import Agreement


@dataclass(frozen=True)
class Results:
    """Everything one run of the benchmark found out."""

    machine: Mapping[str, str]
    students: int
    notebooks: int
    commands: Mapping[str, str]
    tracks: Mapping[str, Track]
    cold: Mapping[str, Track]
    agreement: Agreement | None
    targets: Sequence[tuple[str, str, str, str]]
    """Rows of the table of ratios: what, numerator, denominator, and which of the costs."""


def write(results: Results, folder: Path, name: str) -> list[Path]:
    """Write both files; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.json", folder / f"{name}.md"]
    paths[0].write_text(json.dumps(_data(results), indent=2) + "\n", encoding="utf-8")
    paths[1].write_text(markdown(results), encoding="utf-8")
    return paths


def markdown(results: Results) -> str:
    """The page people read."""
    sections = [
        "# Grading a class, measured",
        f"{results.students} students, {results.notebooks} notebooks, {_rounds(results.tracks)} rounds in which the "
        "contenders took turns. Medians, and the range over the rounds.",
        _class_table(results),
        _ratio_table(results),
        "## One submission of one assignment, from the cold command to the written score",
        _cold_table(results),
        "## Scores",
        _differences(results),
        "## The machine",
        "\n".join(f"- {what}: {value}" for what, value in results.machine.items()),
        _caveats(results),
        "## The commands",
        "\n".join(f"- {name}: `{command}`" for name, command in results.commands.items()),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _class_table(results: Results) -> str:
    rows = []
    for name, track in results.tracks.items():
        count = results.notebooks
        wall, cpu = Spread.of(track.seconds), Spread.of(track.cpu_seconds)
        rows.append(
            (name, _text(wall, 1, 2), f"{count / wall.median:.1f}", _text(wall, 1000 / count), _text(cpu, 1000 / count))
        )
    return _table(("what", "seconds", "notebooks a second", "ms a notebook", "CPU ms a notebook"), rows)


def _ratio_table(results: Results) -> str:
    rows = []
    for what, above, below, cost in results.targets:
        tracks = results.cold if cost == "cold" else results.tracks
        if above in tracks and below in tracks:
            kind = "cpu_seconds" if cost == "CPU" else "seconds"
            rows.append((what, _text(ratios(getattr(tracks[above], kind), getattr(tracks[below], kind)), 1, 1)))
    return _table(("ratio, round by round", "times"), rows)


def _cold_table(results: Results) -> str:
    rows = [
        (name, _text(Spread.of(track.seconds), 1, 2), _text(Spread.of(track.cpu_seconds), 1, 2))
        for name, track in results.cold.items()
    ]
    return _table(("what", "seconds", "CPU seconds"), rows)


def _differences(results: Results) -> str:
    if results.agreement is None:
        return "Not compared."
    found = results.agreement.differences
    said = f"{results.agreement.compared} graded cells compared with those of nbgrader as shipped, {len(found)} differ."
    if not found:
        return said
    reasons = Counter((each.grade_id, each.peer, each.ours, each.because) for each in found)
    rows = [
        (grade_id, _points(peer), _points(ours), str(count), because.replace("|", "\\|"))
        for (grade_id, peer, ours, because), count in sorted(reasons.items(), key=str)
    ]
    return f"{said}\n\n{_table(('cell', 'nbgrader', 'ours', 'students', 'what nbgrader shows there'), rows)}"


def _data(results: Results) -> dict[str, object]:
    return {
        "machine": dict(results.machine),
        "students": results.students,
        "notebooks": results.notebooks,
        "commands": dict(results.commands),
        "class": {name: [asdict(cost) for cost in track.costs] for name, track in results.tracks.items()},
        "cold": {name: [asdict(cost) for cost in track.costs] for name, track in results.cold.items()},
        "agreement": asdict(results.agreement) if results.agreement else None,
    }


def _caveats(results: Results) -> str:
    costs = [cost for track in (*results.tracks.values(), *results.cold.values()) for cost in track.costs]
    failures = sorted({line for cost in costs for line in cost.failures})
    lines = [f"- A command failed: {line}" for line in failures]
    if not all(cost.counts_everything for cost in costs):
        lines.append(
            "- CPU seconds leave out processes that the kernel reaped: there was no control group to count them."
        )
    return "\n".join(["## What to know", "", *lines]) if lines else ""


def _rounds(tracks: Mapping[str, Track]) -> int:
    return max(len(track.costs) for track in tracks.values())


def _text(spread: Spread, factor: float, digits: int = 0) -> str:
    median, least, most = (f"{factor * number:.{digits}f}" for number in (spread.median, spread.least, spread.most))
    return f"{median} ({least}-{most})"


def _points(score: float | None) -> str:
    return "none" if score is None else f"{score:g}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
