"""`pgcrm demo`: the main job from nothing, as its people do it, checked against what is in the tables."""

import csv
import hashlib
import io
import json
import time
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from db import analysts
from db.demo.members import show_members
from db.demo.owner import KINDS, SEEN_BY_PSQL, Kind, Sight
from db.demo.product import Answer, DemoFailed, FrontEnd, psql, served
from db.demo.seeding import check_free, seed
from db.demo.stage import Stage, console, heading, progress, table
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


def run() -> int:
    """Run it on this folder's installation. 0: everything was as it must be; 1: it was not."""
    began = time.monotonic()
    settings = Settings.load()
    if settings.auth != "local":
        raise SettingsError("The demo logs in with its own passwords: it needs PGCRM_AUTH=local.")
    try:
        with opened(settings, progress) as found:
            admin_url = found.require_admin_url()
            check_free(admin_url)
            progress("Starting pgcrm ...")
            with served(settings) as url:
                seed(admin_url)
                with closing(Stage(url, admin_url)) as stage:
                    failures = _show(stage)
    except DemoFailed as failure:
        console.print(str(failure), style="red", markup=False)
        return 1
    progress(f"{time.monotonic() - began:.1f} s")
    return 0 if failures == 0 else 1


def _show(stage: Stage) -> int:
    """All of it; how many checks failed. Raises DemoFailed; psycopg.Error."""
    leads = _Leads(stage)
    leads.import_a_file()
    lead_ids = leads.create()
    leads.look(lead_ids)
    show_members(stage)
    if stage.failures:
        console.print(f"\n{stage.failures} of the checks failed.", style="bold red")
    else:
        console.print("\nEverything is as it must be.", style="bold green")
    return stage.failures


class _Leads:
    """The demo's first half: leads come in, from a file and by hand, and each person sees theirs."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._owner = stage.owner
        self._admin_url = stage.admin_url
        self._check = stage.check
        self._front_end = stage.front_end

    # A file of leads

    def import_a_file(self) -> None:
        path = SEEDS / "leads.csv"
        content = path.read_bytes()
        heading(f"{ADMIN} imports {path.name}")
        admin = self._front_end(ADMIN)
        uploaded = admin.ask(
            "POST", "/api/imports", data={"module": "leads"}, files={"file": (path.name, content, "text/csv")}
        )
        if uploaded.body["duplicate_of"] is not None:
            progress("The same file by the same person: nothing is imported again.")
        done = self._stage.process(admin, uploaded.body["import_id"])
        in_file = sum(1 for _ in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) - 1
        self._stage.show_outcome(admin, done, in_file)
        made = self._owner.leads_of_import(ADMIN, done["import_id"])
        self._check(made == done["success_rows"], f"{made} leads were made of them: one of each success.")

    # Leads by hand

    def create(self) -> list[str]:
        heading(f"{OWNER} creates leads")
        front_end = self._front_end(OWNER)
        answers = [self._create(front_end, payload) for payload in (*TWO_SPELLINGS, WITH_RFQ)]
        shown = table("", "As typed", "Lead", "Customer")
        for payload, answer in zip((*TWO_SPELLINGS, WITH_RFQ), answers, strict=True):
            body = answer.body
            matched_by = body.get("customer_matched_by")
            shown.add_row(
                f"{payload['company_name']}\n{payload.get('npwp', '')}",
                f"{body['lead_id']}\n{'as on the last run' if answer.replayed else ''}",
                f"{body['customer_id']}\n{f'matched by {matched_by}' if matched_by else ''}",
            )
        console.print(shown)

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

    def look(self, lead_ids: list[str]) -> None:
        heading("Who sees what")
        for who, email in READERS.items():
            console.print(f"  {who:<9} {email}", markup=False)
        console.print(f"  posing    the same analyst, whose settings claim to be {ADMIN}", markup=False)
        looks = [
            *(self._over_http(who) for who in ("owner", "stranger", "foreigner")),
            self._as_ops(),
            *self._as_analyst(),
        ]
        shown = table("", "Who", "How", "What", "Sees", "Theirs", "Missing", "Others'", "New three")
        for look in looks:
            for kind in look.kinds:
                seen, theirs = look.seen.of(kind), look.theirs.of(kind)
                new = len({row_id for _, row_id in seen} & set(lead_ids)) if kind == "leads" else None
                counts = (len(seen), len(theirs), len(theirs - seen), len(seen - theirs))
                # The foreigner's ids may be the same ones: each organisation counts for itself.
                told = "" if new is None or look.who == "foreigner" else f"{new} of {len(lead_ids)}"
                shown.add_row(look.who, look.how, kind, *map(str, counts), told)
        console.print(shown)
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
