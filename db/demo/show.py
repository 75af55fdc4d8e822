"""`pgcrm demo`: the main job from nothing, as its people do it, checked against what is in the tables."""

import csv
import hashlib
import io
import json
import time
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from db import analysts
from db.demo.owner import KINDS, SEEN_BY_PSQL, Kind, Owner, Sight
from db.demo.product import Answer, DemoFailed, FrontEnd, psql, served
from db.demo.seeding import check_free, seed
from db.installation import opened
from db.logins import url_for
from db.paths import SEEDS
from db.settings import Settings, SettingsError

ADMIN = "admin@crm.com"
OWNER = "salesperson@demo.crm.com"
READERS = {
    "owner": OWNER,
    "stranger": "salesperson3@demo.crm.com",  # of another team
    "foreigner": "admin@other.crm.com",  # of another organisation
    "Ops": "exim_ops@demo.crm.com",
    "analyst": "sales_manager@demo.crm.com",  # of the owner's team
}

FIRST_ERRORS = 8

NPWP_DIGITS = "0997770001201000"
TWO_SPELLINGS: tuple[dict[str, Any], ...] = (
    {
        "company_name": "PT Velindra Contoh Niaga",
        "npwp": "99.777.000.1-201.000",
        "pic_name": "Tuti Harimukti",
        "contact_phone": "0840-7000-1001",
        "email": "tuti@velindra.example",
        "city_area": "Jakarta Barat",
        "service_code": "EXI_LCL_EXPORT",
        "primary_channel": "Sales Outbound",
    },
    {
        "company_name": "Velindra Contoh Niaga, PT",
        "npwp": NPWP_DIGITS,
        "pic_name": "Wisnu Abimayu",
        "contact_phone": "+62 840 7000 1002",
        "email": "wisnu@velindra.example",
        "city_area": "Jakarta Barat",
        "service_code": "EXI_CUSTOMS",
        "primary_channel": "Sales Referral",
    },
)
WITH_RFQ: dict[str, Any] = {
    "company_name": "CV Hastamira Contoh Kriya",
    "pic_name": "Ratih Suwandari",
    "contact_phone": "0840-7000-1003",
    "email": "ratih@hastamira.example",
    "city_area": "Yogyakarta",
    "service_code": "EXI_AF",
    "primary_channel": "Trade Show",
    "need_rfq": True,
    "rfq_origin_address": "Jl. Contoh 8",
    "rfq_origin_city": "Yogyakarta",
    "rfq_origin_country": "Indonesia",
    "rfq_destination_address": "5 Example Quay",
    "rfq_destination_city": "Hamburg",
    "rfq_destination_country": "Germany",
    "rfq_cargo_category": "Handicraft",
    "rfq_cargo_qty": 25,
    "rfq_cargo_dimensions": "80 x 60 x 60 cm",
    "rfq_cargo_weight": 430,
    "rfq_scope_of_work": "Pick-up, packing, export clearance, air freight to airport",
}

console = Console(highlight=False)


def run() -> int:
    """Run it on this folder's installation. 0: everything was as it must be; 1: it was not."""
    began = time.monotonic()
    settings = Settings.load()
    if settings.auth != "local":
        raise SettingsError("The demo logs in with its own passwords: it needs PGCRM_AUTH=local.")
    try:
        with opened(settings, _progress) as found:
            admin_url = found.require_admin_url()
            check_free(admin_url)
            _progress("Starting pgcrm ...")
            with served(settings) as url:
                seed(admin_url)
                with closing(_Demo(url, admin_url)) as demo:
                    demo.show()
    except DemoFailed as failure:
        console.print(str(failure), style="red", markup=False)
        return 1
    _progress(f"{time.monotonic() - began:.1f} s")
    return 0 if demo.failures == 0 else 1


def _progress(message: str) -> None:
    console.print(message, style="dim", markup=False)


class _Demo:
    """One run of it. `failures`: how many checks failed so far."""

    def __init__(self, url: str, admin_url: str) -> None:
        self._url = url
        self._admin_url = admin_url
        self._owner = Owner(admin_url)
        self._front_ends: dict[str, FrontEnd] = {}
        self.failures = 0

    def close(self) -> None:
        for front_end in self._front_ends.values():
            front_end.close()

    def show(self) -> None:
        """All of it. Raises DemoFailed; psycopg.Error."""
        self._import_a_file()
        lead_ids = self._create_leads()
        self._look(lead_ids)
        if self.failures:
            console.print(f"\n{self.failures} of the checks failed.", style="bold red")
        else:
            console.print("\nEverything is as it must be.", style="bold green")

    def _front_end(self, email: str) -> FrontEnd:
        """The front end of this person, who logs in once."""
        if email not in self._front_ends:
            self._front_ends[email] = FrontEnd(self._url, email)
        return self._front_ends[email]

    def _check(self, holds: bool, statement: str) -> None:
        self.failures += not holds
        mark = "[green]✓[/green]" if holds else "[bold red]✗[/bold red]"
        console.print(f"{mark} ", end="")
        console.print(statement, markup=False)

    # A file of leads

    def _import_a_file(self) -> None:
        path = SEEDS / "leads.csv"
        content = path.read_bytes()
        _heading(f"{ADMIN} imports {path.name}")
        admin = self._front_end(ADMIN)
        uploaded = admin.ask(
            "POST", "/api/imports", data={"module": "leads"}, files={"file": (path.name, content, "text/csv")}
        )
        import_id = uploaded.body["import_id"]
        began = time.monotonic()
        while True:
            done = admin.ask("POST", f"/api/imports/{import_id}/process").body
            if done["status"] not in ("uploaded", "processing"):
                break
        if uploaded.body["duplicate_of"] is None:
            _progress(f"Import {import_id}: processed in {time.monotonic() - began:.1f} s.")
        else:
            _progress(f"The same file by the same person is import {import_id}: nothing is imported again.")

        outcomes = {
            "success": "became leads",
            "error": "cannot be imported",
            "skipped": "were imported before",
            "duplicate": "stand earlier in the file",
        }
        table = _table(f"What became of {done['total_rows']} rows", "Status", "Rows", "")
        for status, meaning in outcomes.items():
            table.add_row(status, str(done[f"{status}_rows"]), meaning)
        console.print(table)
        self._print_first_errors(admin, import_id, done["mapping"])

        counted = {status: done[f"{status}_rows"] for status in outcomes}
        known = self._owner.rows_by_status(ADMIN, import_id)
        in_file = sum(1 for _ in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) - 1
        self._check(
            in_file == done["total_rows"] == sum(counted.values()),
            f"{in_file} rows in the file = {' + '.join(f'{n} {status}' for status, n in counted.items())}.",
        )
        self._check(
            known == {status: n for status, n in counted.items() if n},
            "Each row has the status it is counted under.",
        )
        made = self._owner.leads_of_import(ADMIN, import_id)
        self._check(made == counted["success"], f"{made} leads were made of them: one of each success.")

    def _print_first_errors(self, admin: FrontEnd, import_id: int, mapping: dict[str, str]) -> None:
        """`mapping`: the file's name of a column to ours."""
        query = {"status": "error", "limit": str(FIRST_ERRORS)}
        page = admin.ask("GET", f"/api/imports/{import_id}/rows", params=query).body
        names = {ours: theirs for theirs, ours in mapping.items()}
        table = _table("The first errors", "Line", "Column", "In the file", "What is wrong")
        for row in page["items"]:
            for error in row["errors"]:
                column = names.get(error["field"] or "", error["field"] or "")
                cell = row["row_data"].get(column, "")
                table.add_row(str(row["row_no"]), column, str(cell), error["message"])
        console.print(table)

    # Leads by hand

    def _create_leads(self) -> list[str]:
        _heading(f"{OWNER} creates leads")
        front_end = self._front_end(OWNER)
        answers = [self._create(front_end, payload) for payload in (*TWO_SPELLINGS, WITH_RFQ)]
        table = _table("", "As typed", "Lead", "Customer")
        for payload, answer in zip((*TWO_SPELLINGS, WITH_RFQ), answers, strict=True):
            body = answer.body
            matched_by = body.get("customer_matched_by")
            table.add_row(
                f"{payload['company_name']}\n{payload.get('npwp', '')}",
                f"{body['lead_id']}\n{'as on the last run' if answer.replayed else ''}",
                f"{body['customer_id']}\n{f'matched by {matched_by}' if matched_by else ''}",
            )
        console.print(table)

        first, second, asking = (answer.body for answer in answers)
        customers = self._owner.customers_with_npwp(OWNER, NPWP_DIGITS)
        pointed_to = {self._owner.customer_of_lead(OWNER, body["lead_id"]) for body in (first, second)}
        self._check(
            len(customers) == 1
            and customers == pointed_to == {first["customer_id"], second["customer_id"]}
            and first["lead_id"] != second["lead_id"],
            "One customer came of the two spellings, and both leads point to it.",
        )
        if asking["ticket_id"] is None:
            raise DemoFailed("No ticket was made of the request for a tariff.")
        ticket = self._owner.ticket(OWNER, asking["ticket_id"])
        self._check(
            ticket["dept_target"] == "EXI" and "OPENED" in ticket["events"],
            f"Ticket {asking['ticket_id']} waits at EXIM Ops: {ticket['subject']}",
        )
        written = f"{ticket['subject']} {ticket['description']}".lower()
        told = [WITH_RFQ[name] for name in ("company_name", "pic_name", "contact_phone", "email")]
        self._check(
            ticket["masked"] and not any(value.lower() in written for value in told),
            "It is masked, and does not say whose cargo it is.",
        )
        return [answer.body["lead_id"] for answer in answers]

    def _create(self, front_end: FrontEnd, payload: dict[str, Any]) -> Answer:
        """POST /api/leads, under a key made of what is sent: twice in a day, the demo makes no more leads."""
        payload = {**payload, "sales_owner_user_id": front_end.user_id}
        key = "demo-" + hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()[:32]
        return front_end.ask("POST", "/api/leads", json=payload, headers={"Idempotency-Key": key})

    # Who sees what

    def _look(self, lead_ids: list[str]) -> None:
        _heading("Who sees what")
        for who, email in READERS.items():
            console.print(f"  {who:<9} {email}", markup=False)
        console.print(f"  posing    the same analyst, whose settings claim to be {ADMIN}", markup=False)
        looks = [
            *(self._over_http(who) for who in ("owner", "stranger", "foreigner")),
            self._as_ops(),
            *self._as_analyst(),
        ]
        table = _table("", "Who", "How", "What", "Sees", "Theirs", "Missing", "Others'", "New three")
        for look in looks:
            for kind in look.kinds:
                seen, theirs = look.seen.of(kind), look.theirs.of(kind)
                new = len({row_id for _, row_id in seen} & set(lead_ids)) if kind == "leads" else None
                counts = (len(seen), len(theirs), len(theirs - seen), len(seen - theirs))
                # The foreigner's ids may be the same ones: each organisation counts for itself.
                told = "" if new is None or look.who == "foreigner" else f"{new} of {len(lead_ids)}"
                table.add_row(look.who, look.how, kind, *map(str, counts), told)
        console.print(table)
        self._check(
            all(look.seen.of(kind) <= look.theirs.of(kind) for look in looks for kind in look.kinds),
            "Nobody saw what is not theirs.",
        )
        self._check(
            all(look.seen.of(kind) >= look.theirs.of(kind) for look in looks for kind in look.kinds),
            "Everybody saw all that is theirs.",
        )
        self._refused("stranger", [f"/api/leads/{lead_id}" for lead_id in lead_ids], 404)
        self._refused("Ops", ["/api/leads", f"/api/leads/{lead_ids[0]}"], 403)

    def _refused(self, who: str, paths: list[str], status: int) -> None:
        front_end = self._front_end(READERS[who])
        for path in paths:
            answered = front_end.ask("GET", path, refused=(403, 404)).status
            self._check(answered == status, f"{who}: GET {path} is answered {answered}.")

    def _over_http(self, who: str) -> "_Look":
        front_end = self._front_end(READERS[who])
        seen = Sight({(lead["created_by"], lead["lead_id"]) for lead in front_end.pages("/api/leads")})
        return _Look(who, "HTTP", seen, self._owner.sight_of(READERS[who]), ("leads",))

    def _as_ops(self) -> "_Look":
        with analysts.psql_login(self._admin_url, READERS["Ops"]) as login:
            seen = self._over_psql(login)
        return _Look("Ops", "psql --as", seen, self._owner.sight_of(READERS["Ops"]))

    def _as_analyst(self) -> list["_Look"]:
        """Read over psql with a log-in of `pgcrm analysts add`, honestly and pretending to be the admin."""
        email = READERS["analyst"]
        admin_id = self._front_end(ADMIN).user_id
        pretending = f"""
            set request.jwt.claims = '{{"sub": "{admin_id}", "role": "authenticated"}}';
            set pgcrm.uid = '{admin_id}';
            set pgcrm.role_key = 'master_admin';
            set pgcrm.permissions = ' leads:select:all customers:select:all tickets:select:all ';
        """
        had_one = self._owner.has_analyst_login(email)
        login = analysts.add_analyst(self._admin_url, email)
        try:
            seen, seen_pretending = self._over_psql(login), self._over_psql(login, pretending)
        finally:
            if not had_one:
                analysts.remove_analyst(self._admin_url, email)
        theirs = self._owner.sight_of(email)
        return [
            _Look("analyst", "psql", seen, theirs),
            _Look("posing", "psql", seen_pretending, theirs),
        ]

    def _over_psql(self, login: analysts.Login, before: str = "") -> Sight:
        url = url_for(self._admin_url, login.name, login.password)
        return Sight.from_rows(psql(url, before + SEEN_BY_PSQL))


@dataclass(frozen=True)
class _Look:
    """What one reader saw one way, and what is theirs."""

    who: str
    how: str
    seen: Sight
    theirs: Sight
    kinds: tuple[Kind, ...] = KINDS
    """What this way shows."""


def _table(title: str, *columns: str) -> Table:
    """Lean: eight columns find room in eighty characters."""
    return Table(
        *columns, title=title or None, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )


def _heading(text: str) -> None:
    console.print()
    console.rule(f"[bold]{text}", align="left", style="dim")
