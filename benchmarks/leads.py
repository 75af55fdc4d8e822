"""Synthetic leads, as people type them."""

import json
import random
from collections.abc import Iterator

_FIRST = ("Laut", "Maju", "Sinar", "Bumi", "Karya", "Mitra", "Nusa", "Cahaya", "Rimba", "Samudra")
_SECOND = ("Abadi", "Jaya", "Sentosa", "Makmur", "Perkasa", "Utama", "Mandiri", "Lestari", "Raya")
_PEOPLE = ("Sari", "Budi", "Dewi", "Agus", "Rina", "Hendra", "Wulan", "Eko", "Putri", "Joko")
_CITIES = ("Jakarta", "Surabaya", "Bandung", "Medan", "Semarang", "Makassar")
_SERVICES = ("EXI_AF", "DOM_LTL")
_CHANNELS = ("SEM", "LinkedIn", "Event Offline", "Sales Outbound")


def leads(seed: int) -> Iterator[dict[str, str]]:
    """Leads of companies that nobody has met, without end; the same for the same seed."""
    chance = random.Random(seed)
    while True:
        number = chance.randrange(10**12)
        first, second = chance.choice(_FIRST), chance.choice(_SECOND)
        yield {
            "company_name": f"PT. {first} {second} {number:012d}",
            "pic_name": f"{chance.choice(_PEOPLE)} {chance.choice(_SECOND)}",
            "contact_phone": f"+62 8{number:012d}"[:18],
            "email": f"sales{number:012d}@{first.lower()}-{second.lower()}.test",
            "city_area": chance.choice(_CITIES),
            "service_code": chance.choice(_SERVICES),
            "primary_channel": chance.choice(_CHANNELS),
            "npwp": f"{chance.randrange(10**15):015d}",
            "notes": "Asked for a monthly rate by telephone; call back after the holidays.",
        }


def payloads(seed: int) -> Iterator[str]:
    """Bodies of POST /api/leads."""
    return (json.dumps(lead) for lead in leads(seed))
