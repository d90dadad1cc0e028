"""Writers are told what readers miss, and never of so few that they could be known."""

from __future__ import annotations

import json
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from service.cases import Case
from service.desk.insights import insights_of, look_for_clusters
from service.desk.listening import command
from service.desk.project import ALONE, Project
from service.insights import Asked, Gap, Group, asked_for, clusters, complaint_kinds, failing_pages, gaps, tree_exits
from service.messages import CaseRequest, Count, Counter, Counts, Feedback, Phrase, Phrases
from service.reference import new_reference
from service.store import Store, open_store
from service.store.cases import receive
from service.store.figures import cases_between
from service.store.ingest import Post, Read, take
from tests.service.conftest import NOW, form

AT = int(NOW.timestamp() * 1000)
DAY = 86_400_000
DRAIN, FOAM = ("washer/drain", "en"), ("espresso/foam", "en")


def case(days_ago: float = 0, **changes: Any) -> Case:
    """Return a case that came so many days ago."""
    request = CaseRequest.model_validate({"reference": new_reference(), "accepted_at": NOW, **form(**changes)})
    at = AT - int(days_ago * DAY)
    return Case(request, received_at=at, changed_at=at)


def repair(days_ago: float = 0, code: str = "E18", model: str = "WM 8") -> Case:
    """Return a washer's repair."""
    return case(days_ago, details={"flow": "repair", "error_code": code}, product="washer", model=model)


def test_the_worst_page_comes_first() -> None:
    """Who asks a person after reading says more than a vote; pages that do well are not told of."""
    counted = {
        DRAIN: {("page-views", ""): 100, ("handoff-sent", ""): 7},
        FOAM: {
            ("page-views", ""): 50,
            ("helpful", "0"): 12,
            ("helpful", "1"): 8,
            ("reason", "inaccurate"): 10,
            ("reason", "other"): 2,
        },
        ("lamp/pair", "en"): {("page-views", ""): 500, ("helpful", "0"): 3, ("helpful", "1"): 40},
    }
    drain, foam = failing_pages(counted, {DRAIN: 9})
    assert (drain.page, drain.contacts, drain.help_to_contact.value) == ("washer/drain", 9, 9.0)
    assert (foam.page, foam.helpful.value, foam.reasons) == ("espresso/foam", 40.0, {"inaccurate": 10})


@pytest.mark.parametrize(
    ("own", "contacts"),
    [
        ({("page-views", ""): 9, ("handoff-sent", ""): 5}, 5),
        ({("page-views", ""): 100, ("handoff-sent", ""): 2}, 2),
        ({("page-views", ""): 100, ("helpful", "0"): 9}, 0),
    ],
)
def test_few_readers_are_not_told_of(own: dict[tuple[str, str], int], contacts: int) -> None:
    """Nine readers, two who asked, nine votes: nothing."""
    assert failing_pages({DRAIN: own}, {DRAIN: contacts}) == []


def test_words_are_shown_from_three_visits_on() -> None:
    """Who searches thrice in one visit has searched once; the latest search says whether there is something to find."""
    once = [("v1", "Lost cap", "en", 0)] * 3
    twice = [("v1", "two", "en", 0), ("v2", "two", "en", 0)]
    thrice = [(f"v{n}", " Smelly  KETTLE ", "en", 0) for n in range(3)]
    mended = [(f"v{n}", "e18", "en", 0 if n < 3 else 4) for n in range(4)]
    searches = [*once, *twice, *thrice, *mended]
    assert asked_for(searches, found=False) == [Asked("smelly kettle", "en", 3, 0)]
    assert asked_for(searches, found=True) == [Asked("e18", "en", 4, 4)]


def test_troubleshooters_are_told_of_where_they_are_left() -> None:
    """Solved is no exit; the share is of all ends."""
    counted = {("t", "lamp/left"): 30, ("t", "end/solved"): 60, ("t", "repair/repair"): 10, ("t", "x/left"): 9}
    lamp, repaired = tree_exits(counted)
    assert lamp[:4] == ("t", "lamp", "left", 30)
    assert repaired[:4] == ("t", "repair", "repair", 10)
    assert [lamp.share, repaired.share] == pytest.approx([100 * 30 / 109, 100 * 10 / 109])


def test_complaints_are_grouped_by_model_and_kind() -> None:
    """However the model was typed."""
    found = [case(model=model) for model in ("ak 200", "AK 200", " AK  200")] + [case(model="AK 300")] * 2
    assert complaint_kinds(found) == [Group("kettle", "AK 200", "broken", 3)]


def test_a_defect_is_one_product_model_and_code_within_a_month() -> None:
    """Five within 30 days; four, or one that is older, are none; the code as people type it."""
    five = [repair(n, code) for n, code in enumerate(("E18", "e18", " e 18", "E18", "E18"))]
    (found,) = clusters(five, AT)
    assert (found.product, found.model, found.code, found.cases) == ("washer", "WM 8", "E18", 5)
    assert clusters(five[:4], AT) == []
    assert clusters([*five[:4], repair(31)], AT) == []
    assert clusters([*five[:4], repair(model="WM 9")], AT) == []
    assert clusters([case(details={"flow": "question"}) for _ in range(9)], AT) == []


def test_gaps_that_miss_the_same_languages_stand_together() -> None:
    """The most missed first."""
    cells = [
        ("kettle", "use", "de", 0),
        ("kettle", "use", "fr", 0),
        ("kettle", "plan", "fr", 0),
        ("kettle", "repair", "fr", 0),
        ("lamp", "use", "de", 3),
    ]
    assert gaps(cells) == [Gap("kettle", ("de", "fr"), ("use",)), Gap("kettle", ("fr",), ("plan", "repair"))]


# --- from the store --------------------------------------------------------------------------------------------------------


def came(store: Store, cases: list[Case]) -> None:
    """Let cases come in."""
    told = [(one.request, one.request.reference, "kiosk:x", one.received_at) for one in cases]
    store.writing(lambda connection: receive(connection, told))


def test_a_defect_is_raised_once_until_it_was_quiet(store: Store) -> None:
    """Asked every day; more cases of the same raise nothing; after a quiet month it is new."""
    came(store, [repair(n) for n in range(5)])
    (event,) = look_for_clusters(store, AT)
    assert event == {
        "type": "defect.cluster",
        "timestamp": AT,
        "data": {"product": "washer", "model": "WM 8", "code": "E18", "cases": 5},
    }
    assert look_for_clusters(store, AT) == []
    came(store, [repair(-n) for n in range(1, 4)])
    assert look_for_clusters(store, AT + 4 * DAY) == []
    came(store, [repair(-n) for n in range(50, 55)])
    assert [event["data"]["cases"] for event in look_for_clusters(store, AT + 56 * DAY)] == [5]


def filled(store: Store) -> None:
    """Let a month be counted."""
    day = NOW.date()
    lines = (
        Count(day=day, name=Counter.PAGE_VIEWS, n=40, page="washer/drain", product="washer", language="en"),
        Count(day=day, name=Counter.TREE_EXIT, n=12, page="washer/stops", choice="lamp/left"),
    )
    messages: list[Any] = [Counts(lines=lines)]
    messages += [
        Phrases(day=day, phrases=(Phrase(words="lost cap"), Phrase(words="only here" if n else "alone"))) for n in range(3)
    ]
    messages += [Feedback(day=day, question="helpful", value=0, page="washer/drain", language="en") for _ in range(11)]
    items = [Read(seq, message.kind, str(seq), "", message) for seq, message in enumerate(messages, 1)]
    store.writing(lambda connection: take(connection, [Post("k1", "city", "e", items)], AT))
    came(store, [case(page="washer/drain", product="washer", model="WM 8") for _ in range(4)])


def test_insights_by_hand(store: Store) -> None:
    """One page that fails, one phrase that three visits missed, one exit, four complaints."""
    filled(store)
    found = insights_of(store, ALONE, NOW.date() - timedelta(days=29), NOW.date())
    (page,) = found.failing_pages
    assert (page.page, page.views, page.contacts, page.helpful.value) == ("washer/drain", 40, 4, 0.0)
    assert [(one.words, one.visits) for one in found.zero_results] == [("lost cap", 3)]
    assert [(one.node, one.times) for one in found.tree_exits] == [("lamp", 12)]
    assert found.complaints == [Group("washer", "WM 8", "broken", 4)]
    assert (found.gaps, found.changes, found.defects) == ([], [], [])
    earlier = insights_of(store, ALONE, NOW.date() - timedelta(days=60), NOW.date() - timedelta(days=30))
    assert (earlier.failing_pages, earlier.zero_results, earlier.tree_exits, earlier.complaints) == ([], [], [], [])


def test_merged_cases_are_told_of_once(store: Store) -> None:
    """What went into another case is not a case of its own."""
    came(store, [repair(0.1) for _ in range(5)])
    with store.read() as connection:
        found = cases_between(connection, AT - DAY, AT)
    assert len(clusters(found, AT)) == 1
    merged = [Case(**{**vars(one), "merged_into": "NH-7K3M9-QXD4R-9"}) for one in found[:1]]
    assert clusters([*merged, *found[1:]], AT) == []


# --- the project's folder --------------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder with a build and commits, two of which say what readers said."""
    folder = tmp_path / "guides"
    (folder / "build" / "site").mkdir(parents=True)
    rows = [
        {"product": "kettle", "stage": "use", "language": "de", "guides": 0},
        {"product": "kettle", "stage": "use", "language": "en", "guides": 1},
    ]
    (folder / "build" / "coverage.json").write_text(json.dumps(rows), encoding="utf-8")
    hours = {"zone": "Europe/Berlin", "week": {"monday": ["09:30-20:00"]}, "holidays": {}}
    stores = {"city": {"hours": hours}, "broken": {"hours": {"zone": "Nowhere/Else"}}, "empty": {}}
    (folder / "build" / "site" / "helpstand.json").write_text(json.dumps({"stores": stores}), encoding="utf-8")
    git = ["git", "-C", str(folder), "-c", "user.name=T", "-c", "user.email=t@shop.example", "-c", "commit.gpgsign=false"]
    subprocess.run([*git, "init", "-q"], check=True)
    for words in (
        "Begin",
        "Say where the cap is\n\nYou-said: I lost the cap",
        "Other",
        "Say it twice\n\nBecause.\n\nyou-said: it leaks\nYou-said: it\n drips",
    ):
        subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", words], check=True)
    return folder


def test_commits_tell_what_was_changed(project: Path) -> None:
    """The newest first; a commit may answer two voices."""
    told = [(change.said, change.changed) for change in Project(project).changes()]
    assert told == [("it leaks", "Say it twice"), ("it drips", "Say it twice"), ("I lost the cap", "Say where the cap is")]


def test_what_cannot_be_read_is_told_and_left_out(project: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Hours of a shop that cannot be read, a build of another form, a folder without git: a warning, and the desk goes on."""
    assert list(Project(project).hours()) == ["city"]
    assert "the opening hours of broken cannot be read" in caplog.text
    (project / "build" / "coverage.json").write_text("{", encoding="utf-8")
    assert Project(project).cells() == []
    assert "coverage.json cannot be read" in caplog.text
    assert Project(tmp_path / "nothing").changes() == []
    assert (Project().hours(), Project().cells(), Project().changes()) == ({}, [], [])


def test_the_command_tells_it_in_words_and_as_json(
    project: Path, blank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the page tells, in the terminal."""
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "desk.sqlite").write_bytes(blank.read_bytes())
    kept = open_store(f"sqlite:///{folder / 'desk.sqlite'}", migrated=True)
    filled(kept)
    kept.close()
    monkeypatch.setattr("time.time", NOW.timestamp)
    words = ["--folder", str(folder), "--project", str(project)]
    said = CliRunner().invoke(command, words, env={"DATABASE_URL": ""}).output
    for line in (
        "washer/drain (en): read 40 times, 4 asked a person afterwards, helpful for 0 %",
        "“lost cap” (en): 3 visits",
        "washer/stops at lamp, left: 12 (100 %)",
        "washer WM 8, broken: 4",
        "kettle in de: use",
        "“I lost the cap” → Say where the cap is",
    ):
        assert line in said
    assert "only here" not in said
    told = json.loads(CliRunner().invoke(command, [*words, "--json"], env={"DATABASE_URL": ""}).output)
    assert told["failing_pages"][0]["helpful"]["value"] == 0.0
    assert told["gaps"] == [{"product": "kettle", "languages": ["de"], "stages": ["use"]}]
