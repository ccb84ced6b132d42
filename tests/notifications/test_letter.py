from __future__ import annotations

from datetime import date

import pytest

from notifications.letter import Links, compose_digest

LINKS = Links("https://dondoc.example.vn")
D = date(2022, 11, 30)


@pytest.mark.parametrize("who", ["an", "binh", "chi"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_golden(who, language, november, waiting, addressee, calendar, golden):
    letter = compose_digest(addressee(who, language), waiting(november, who), as_of=D, calendar=calendar, links=LINKS)
    golden.check(f"digest-{who}.{language}.txt", f"Subject: {letter.subject}\n\n{letter.text}")
    golden.check(f"digest-{who}.{language}.html", letter.html)
