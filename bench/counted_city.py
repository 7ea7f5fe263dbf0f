"""The databases of a city whose statistics are asked for: two years of 1,000,000 matters, as rows of each service.

Seven of ten matters were followed up, a fourth whistled for, a fiftieth supervised; of the last whistles a third goes
on. Matter `n` lies in one of 410 communities of 41 streets; a month holds some 43,000 of them.
"""

from __future__ import annotations

import psycopg

from bench.filling import made, numbered

CITY = "yinchuan.xingqing"
STREET, COMMUNITY = f"{CITY}.s7", f"{CITY}.s7.c48"
CODE = "'s' || n % 41 || '.c' || n % 410 || '.g' || (n / 410) % 5"
AREA = f"('{CITY}.' || {CODE})::ltree"
DAYS = 694
UUID = "('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid"
NO_KEYS = "set session_replication_role = replica"
"""What the rows refer to is not asked for."""


def at(size: int) -> str:
    """When matter `n` came: evenly over the days before the day after tomorrow's eve."""
    return f"(now() - ({size} - n) * interval '{DAYS * 1440 / size} minute')"


def notify(database: psycopg.Connection, size: int) -> None:
    database.execute(NO_KEYS)
    made(database, "follow_up", numbered(size), {
        "id": UUID, "number": "'F' || n", "case_number": "'S' || n", "subject_id": "gen_random_uuid()",
        "area_path": AREA, "updated_at": at(size), "created_at": at(size), "completed_at": at(size),
        "state": "case when n % 10 < 6 then 'COMPLETED' when n % 10 = 6 then 'INVALID' else 'PENDING' end",
        "occasion": "case when n % 9 = 0 then 'DEADLINE' else 'RESULT' end",
        "solved": "(array['YES', 'YES', 'YES', 'PARTLY', 'NO'])[1 + n % 5]",
        "satisfied": "(array['SATISFIED', 'SATISFIED', 'BASICALLY', 'UNSATISFIED'])[1 + n % 4]",
    })  # fmt: skip


def dispatch(database: psycopg.Connection, size: int) -> None:
    database.execute(NO_KEYS)
    when, rows = at(size), f"generate_series(1, {size}, 4) n"
    unit, whistler = "'u' || (n / 4) % 60", "jsonb_build_object('id', 'w' || n % 41, 'name', '吹' || n % 41)"
    made(database, "unit", "generate_series(0, 59) n", {"code": "'u' || n", "name": "'单位' || n", "area_path": AREA})
    made(database, "whistle", rows, {
        "id": UUID, "number": "'H' || n", "source_id": "gen_random_uuid()", "area_path": AREA, "created_at": when,
        "state": "case when n % 11 = 0 then 'RETURNED' else 'CLOSED' end", "drafted_by": whistler,
        "blown_at": f"case when n % 11 > 0 then {when} end",
        "reason_code": "case when n % 11 = 0 then (array['DUPLICATE', 'INCOMPLETE'])[1 + n % 2] end",
    })  # fmt: skip
    made(database, "task", rows, {
        "id": UUID, "whistle_id": UUID, "unit_code": unit, "area_path": AREA, "created_at": when, "state": "'RATED'",
        "rejections": "(n % 7 = 0)::int", "confirmed_at": when, "confirmed_by": whistler,
    })  # fmt: skip
    made(database, "rating", rows, {"task_id": UUID, "total": "60 + n % 40"})
    for stage, late in (("SIGN", 13), ("REPORT", 9), ("FINISH", 7)):
        made(database, "clock", rows, {
            "id": "gen_random_uuid()", "subject_kind": "'TASK'", "subject_id": UUID, "stage": f"'{stage}'",
            "limit_text": "'1h'", "started_at": when, "due_at": f"{when} + interval '1 hour'", "history": "'[]'",
            "met_at": f"case when n < {size} * 0.97 or n % 3 > 0 then"
                      f" {when} + interval '1 hour' * case when n % {late} = 0 then 2 else 0.5 end end",
        })  # fmt: skip
    made(database, "supervision", f"generate_series(1, {size}, 50) n", {
        "id": UUID, "case_number": "'G' || n", "area_path": AREA, "created_at": when, "task_id": UUID,
        "unit_code": unit, "cause": "(array['OVERDUE', 'DISSATISFIED', 'REPEATED', 'OTHER'])[1 + n % 4]",
        "state": "(array['ACCEPTED', 'ACCEPTED', 'REPLIED', 'LIFTED'])[1 + n % 4]", "late": "n % 3 = 0",
    })  # fmt: skip
    made(database, "crossing", f"generate_series(1, {size}, 50) n", {
        "id": UUID, "number": "'S' || n", "area_path": AREA, "at": when, "asker": unit, "let_through": "n % 3 = 0",
    })  # fmt: skip


def intake(database: psycopg.Connection, size: int) -> None:
    database.execute(NO_KEYS)
    when = at(size)
    _places(database)
    made(database, "appeal", numbered(size), {
        "id": f"(lpad(to_hex((extract(epoch from {when}) * 1000)::bigint), 12, '0')"
              " || '70008' || lpad(to_hex(n), 15, '0'))::uuid",
        "case_number": "'S' || n", "area_path": AREA, "created_at": when, "updated_at": when, "source": "'HOTLINE'",
        "category": "'housing.drain.blocked'", "reporter_id": "null", "secret": "false",
        "state": f"case when n > {size} * 0.97 and n % 3 > 0 or n % 200 = 0 then 'IN_PROGRESS' when n % 300 = 1 "
                 "then 'ON_ACCOUNT' else 'CLOSED' end",
        "lead_unit": "'u'", "handler_id": "'u-' || n % 2000", "due_at": when,
    })  # fmt: skip
    doors, k = size // 2, "(1 + n / 50)"
    made(database, "campaign", f"generate_series(1, {doors // 50 + 1}) n", {
        "id": UUID, "case_number": "'Z' || n", "area_path": AREA,
        "state": "case when n % 50 = 0 then 'WITHDRAWN' else 'CONCLUDED' end",
    })  # fmt: skip
    made(database, "campaign_target", f"generate_series(0, {doors - 1}) n", {
        "id": "gen_random_uuid()", "visited_at": at(doors), "name": "''", "asked": "n % 50 = 0",
        "campaign_id": UUID.replace("hex(n)", f"hex{k}"), "result": "case when n % 7 > 0 then 'IN' end",
        "unit_path": f"('{CITY}.s' || {k} % 41 || '.c' || {k} % 410 || '.g' || n % 5 || '.b' || n % 50 / 5)::ltree",
        "need": "case when n % 20 = 0 then 'YES' else 'NO' end",
    })  # fmt: skip
    made(database, "patrol", f"generate_series(1, {size}, 10) n", {
        "id": UUID, "case_number": "'T' || n", "day": f"{when}::date", "area_path": AREA, "late": "n % 6 = 0",
        "plan_id": "gen_random_uuid()", "state": "case when n % 9 = 0 then 'MISSED' else 'DONE' end", "theme": "'FIRE'",
    })  # fmt: skip
    made(database, "patrol_point", f"generate_series(1, {size}, 10) n, generate_series(1, 5) p", {
        "id": "gen_random_uuid()", "patrol_id": UUID, "place": "p",
        "result": "case when (n + p) % 30 = 0 then 'FOUND' else 'OK' end",
    })  # fmt: skip
    made(database, "audit", numbered(size), {
        "no": "n", "at": when, "principal_id": "'u-' || n % 2000", "act": "'reveal_contact'", "subject": "'S' || n",
    })  # fmt: skip


def _places(database: psycopg.Connection) -> None:
    """The city, its streets, communities, grids and ten buildings a grid."""
    told = {
        "DISTRICT": ("1, 1", f"'{CITY}'"), "STREET": ("0, 40", f"'{CITY}.s' || n"),
        "COMMUNITY": ("0, 409", f"'{CITY}.s' || n % 41 || '.c' || n"), "GRID": ("0, 2049", f"{AREA}::text"),
        "BUILDING": ("0, 20499", f"{AREA}::text || '.b' || n / 2050"),
    }  # fmt: skip
    for level, (span, path) in told.items():
        given = {
            "path": f"({path})::ltree",
            "level": f"'{level}'",
            "code": f"{path}",
            "valid_from": "'2020-01-01'::date",
        }
        made(database, "area_node", f"generate_series({span}) n", {**given, "area4": "'0101'", "name": path})


def mediation(database: psycopg.Connection, size: int) -> None:
    database.execute(NO_KEYS)
    few, org = f"generate_series(1, {size}, 10) n", "'o' || n % 410"
    made(database, "org", "generate_series(0, 409) n", {
        "code": "'o' || n", "name": "'室' || n", "kind": "'STUDIO'", "area_path": f"subpath({AREA}, 0, 4)",
        "open_days": "'[{}]'", "active": "true",
    })  # fmt: skip
    made(database, "visit", few, {
        "id": UUID, "case_number": "'V' || n", "area_path": AREA, "org_code": org, "state": "'DONE'",
        "way": "(array['COMPLAINT', 'REPAIR', 'WISH'])[1 + n % 3]", "done_at": at(size),
    })  # fmt: skip
    made(database, "mediation_case", few, {
        "id": UUID, "case_number": "'S' || n", "mediation_number": "'M' || n", "area_path": AREA, "org_code": org,
        "state": "'CLOSED'", "result": "case when n % 7 > 0 then 'SUCCESS' else 'FAILURE' end", "closed_at": at(size),
    })  # fmt: skip
    made(database, "ledger_entry", few, {
        "id": UUID, "case_number": "'L' || n", "area_path": AREA, "entered_at": at(size), "dispute_type": "'NEIGHBOUR'",
        "struck_at": f"case when n % 3 = 0 then {at(size)} end", "parties": "array['p' || n % 20000]",
    })  # fmt: skip
