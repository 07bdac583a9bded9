"""The table in docs/benchmarks/README.md."""

from __future__ import annotations

from typing import Any

_NOT_COUNTED = {"sandbox": "not counted: the played carrier", "database": "not counted: the server"}
HEAD = """# Benchmarks

Written by `make bench`; not edited by hand. A record of one run on one machine, each figure next to its probe.
Ratios travel between machines, absolute figures do not.
`make bench ARGS="plain --bookings 60"` measures only what a booking costs beside a plain application, both databases.
What is missed, and why: [limits.md](limits.md).
Crash runs: [chaos.md](chaos.md), outages in full size: [outages.md](outages.md).

"""


def markdown(result: dict[str, Any]) -> str:
    """The whole page."""
    lines = [HEAD, f"Version {result['version']}, {result['date']}, {result['machine']}.\n\n"]
    for name, figures in result["databases"].items():
        lines.append(f"## {name}\n\n")
        lines.append(f"Probe, one-row INSERT and COMMIT: {figures['probe']['commits_1']}/s with 1 client, ")
        lines.append(
            f"{figures['probe']['commits_4']}/s with 4.\n\n| measure | figure | demand | met |\n|---|---|---|---|\n"
        )
        lines += [f"| {what} | {figure} | {demand} | {met} |\n" for what, figure, demand, met in _rows(name, figures)]
        lines.append("\n" + (beside(figures["plain"]) if "plain" in figures else ""))
    return "".join(lines)


def beside(f: dict[str, Any]) -> str:
    """ARO beside the plain application of tests/bench/plain, measured in one run."""
    aro, plain = f["aro"], f["plain"]
    steady, nothing, idle = aro["steady"], plain["steady"], "idle_percent_of_a_core"
    rows = [
        ("processor of its own processes per booking, ms", aro["own_ms"], plain["own_ms"], "own_ms", 1.0),
        ("acceptance p50, ms", aro["accept_p50_ms"], plain["accept_p50_ms"], "accept_p50_ms", 0.0),
        ("acceptance p99, ms", aro["accept_p99_ms"], plain["accept_p99_ms"], "accept_p99_ms", 0.25),
        ("bookings/s, the whole job", aro["bookings_per_s"], plain["bookings_per_s"], "bookings_per_s", 0.0),
    ]
    lines = [
        f"### Beside a plain application\n\n{f['bookings']} bookings by 8 senders, from the signed webhook to the "
        f"delivered text with its reports; {f['probe']['commits_1']} commits/s with 1 client, load {f['load']:.1f}.\n"
        "The plain application is [tests/bench/plain](../../tests/bench/plain/__init__.py): nothing of what ARO "
        "promises.\n\n| measure | ARO | plain | ratio | demand |\n|---|---|---|---|---|\n"
    ]
    for what, ours, theirs, key, most in rows:
        lines.append(f"| {what} | {ours} | {theirs} | {f[f'ratio_{key}']} | {f'<= {most}' if most else ''} |\n")
    for name in {**aro["ms_per_booking"], **plain["ms_per_booking"]}:
        parts = [side["ms_per_booking"].get(name, "") for side in (aro, plain)]
        lines.append(f"| {name} | {parts[0]} | {parts[1]} |  | {_NOT_COUNTED.get(name, '')} |\n")
    lines.append(f"| idle, % of a core | {aro[idle]['all']} | {plain[idle]['all']} |  | <= 2 |\n\n")
    told = [f"p50 {one['p50_ms']} ms, p99 {one['p99_ms']} ms, {one['errors']} errors" for one in (steady, nothing)]
    lines.append(f"At 100 deliveries/s for 10 s: {told[0]}. A view that does nothing: {told[1]}.\n\n")
    return "".join(lines)


def _rows(name: str, f: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    strict, grouped, pure, http, claim = f["strict"], f["grouped"], f["pure"], f["http"], f["claim_ms"]
    timers, text, inside = f["timers"], f["booking_to_text"], f["webhook_in_process"]
    postgresql = name == "postgresql"
    share = 0.10 if postgresql else 0.15
    rows = [
        (
            f"2-step workflows/s, strict, {strict['processes']} processes",
            f"{strict['workflows_per_s']} ({strict['of_commit_rate']} of {strict['commits_4']} commits/s)",
            f">= {share} of commit rate",
            _yes(strict["of_commit_rate"] >= share),
        ),
        (
            f"pure steps/s, grouped commits, {pure['processes']} processes",
            f"{pure['steps_per_s']} ({pure['steps_of_commit_rate_1']} of {pure['commits_1']} commits/s)",
            ">= 1.0 of commit rate",
            _yes(pure["steps_of_commit_rate_1"] >= 1.0),
        ),
        (
            "the same when each step is a wake-up of its own",
            f"{grouped['steps_per_s']} ({grouped['steps_of_commit_rate_1']} of {grouped['commits_1']} commits/s)",
            "",
            "",
        ),
        (
            "webhooks accepted durably, in process",
            f"{inside['per_s']}/s ({inside['of_commit_rate_1']} of {inside['commits_1']} commits/s)",
            ">= 0.35 of commit rate",
            _yes(inside["of_commit_rate_1"] >= 0.35),
        ),
        (
            "webhook over HTTP at 100/s",
            f"p50 {http['p50_ms']} ms, p99 {http['p99_ms']} ms, {http['errors']} errors",
            "p99 <= 50 ms",
            _yes(http["p99_ms"] <= 50 and not http["errors"]),
        ),
        ("errors at 1,000/s for 3 s", str(f["http_storm"]["errors"]), "0", _yes(not f["http_storm"]["errors"])),
        (
            "booking webhook to first text",
            f"p50 {text['p50_ms']} ms, p99 {text['p99_ms']} ms",
            "p50 <= 100 ms, p99 <= 300 ms",
            _yes(text["p50_ms"] <= 100 and text["p99_ms"] <= 300),
        ),
        (
            "timer lateness, 1,000,000 asleep",
            f"alone p99 {timers['isolated_p99_ms']} ms; 5,000 at once p99 {timers['at_once_5000_p99_ms']} ms",
            "<= 50 ms; <= 300 ms",
            _yes(timers["isolated_p99_ms"] <= 50 and timers["at_once_5000_p99_ms"] <= 300),
        ),
        (
            "claiming one row, 1,000,000 asleep over 10,000",
            f"{claim['at_1000000']} ms / {claim['at_10000']} ms = {claim['ratio']}",
            "<= 1.5",
            _yes(claim["ratio"] <= 1.5),
        ),
    ]
    if shipped := f.get("shipped"):  # since November 2026
        steps = shipped["steps_of_commit_rate_1"]
        told = f"{shipped['steps_per_s']} ({steps} of {shipped['commits_1']} commits/s)"
        demand, met = (">= 3 of commit rate", _yes(steps >= 3)) if postgresql else ("", "")
        rows.append(("pure steps/s in the worker's own batches, as shipped", told, demand, met))
    if f["sleeping"]:
        size = f["sleeping"]["mb_per_million"]
        rows.append(("1,000,000 sleeping workflows", f"{size} MB of table", "< 300 MB", _yes(size < 300)))
    return rows


def _yes(met: bool) -> str:  # noqa: FBT001 - one flag, named by the caller's column
    return "yes" if met else "**no**"
