#!/usr/bin/env python3
"""Makes a corpus of dialled strings from the rules of the UK's numbering plan. Shares no code with the resolver.

    variants.py --count 1000000 --seed 7 --barred barred.txt --permitted permitted.txt

The two files hold numbers as they are written at home (`07700 900123`), one a line; numbers abroad and helplines of
six digits may stand among them (`+1 202 555 0123`, `116 123`). Out comes one variant a line, in any order, half of them of barred numbers:

    barred|permitted TAB +447700900123 TAB how TAB dialled

`how` is `digits` for what is dialled on a keypad, `uri` for what stands in the Request-URI of an INVITE. A permitted
number comes only in ordinary forms: how people write it, with the service prefixes that people dial. A barred number
comes in every form that a UK network might route to it, and in those that somebody may try to get past a filter.
With `--area 01632` some numbers of that area are dialled without their code, as from a prison that lies there.

Sources of the rules: Ofcom, National Telephone Numbering Plan (number lengths, access codes of type A and B);
Ofcom's published ranges for drama; Relay UK (18001, 18002); RFC 3261 19.1 and RFC 3966 (URIs).
"""
import argparse
import random
import string
import sys

# Prefixes that a network swallows: withhold and give the number, carrier selection, text relay.
PREFIXES = ["141", "1470", "18001", "18002", "1280"]
# Codes by which a line reaches another carrier (type B); whole numbers follow.
CARRIERS = ["12455", "13107", "14400", "16050", "18185", "18866"]
# How people group the digits of a national number: by the digits it begins with, without the 0.
GROUPS = [("2", (2, 4, 4)), ("11", (3, 3, 4)), ("1x1", (3, 3, 4)), ("3", (3, 3, 4)), ("8", (3, 3, 4)), ("", (4, 6))]


class Number:
    """A number of the files: its canonical form and the digits after 0, or behind the country code, or alone."""

    def __init__(self, line):
        digits = "".join(c for c in line if c.isdigit())
        self.abroad = line.strip().startswith("+")
        self.short = not self.abroad and not digits.startswith("0")
        self.rest = digits if self.abroad or self.short else digits[1:]
        self.canonical = digits if self.short else "+" + digits if self.abroad else "+44" + self.rest


def groups_of(rest):
    for start, groups in GROUPS:
        fits = rest[0] == "1" and rest[2] == "1" if start == "1x1" else rest.startswith(start)
        if fits and sum(groups) == len(rest):
            return groups
    return (len(rest),)


def split(rest, groups):
    parts, at = [], 0
    for group in groups:
        parts.append(rest[at:at + group])
        at += group
    return parts


def grouped(draw, rest, joins=(" ", "-", "", ".")):
    """The national digits without 0, in groups."""
    parts = split(rest, groups_of(rest))
    if len(parts[-1]) == 6 and draw.random() < 0.4:
        parts[-1:] = [parts[-1][:3], parts[-1][3:]]
    return draw.choice(joins).join(parts)


def ordinary(draw, rest):
    """As people write it."""
    written = grouped(draw, rest)
    area, tail = split(rest, groups_of(rest))[0], rest[len(split(rest, groups_of(rest))[0]):]
    return draw.choice([
        "0" + written, "0" + rest, f"(0{area}) {tail}", f"44 {written}", f"44 (0) {written}", f"+44 {written}", f"+44{rest}", f"+44 (0) {written}",
        f"+44(0){rest}", f"0044 {written}", f"0044{rest}", f"00 44 {written}", f" 0{written} ",
    ])


def ordinary_abroad(draw, rest):
    """A number with its country code, as people write it here."""
    written = grouped_freely(draw, rest)
    return draw.choice(["+" + rest, "00" + rest, "+" + written, "00 " + written, " 00" + rest + " "])


def grouped_freely(draw, digits):
    """Digits with a sign here and there."""
    join = draw.choice([" ", "-", ""])
    return "".join(c + (join if draw.random() < 0.3 else "") for c in digits).strip(" -")


def ordinary_short(draw, rest):
    return draw.choice([rest, rest[:3] + " " + rest[3:], f" {rest} "])


def behind_prefixes(draw, written, most, prefixes=PREFIXES):
    """Service prefixes in front, as dialled: digits, perhaps a space between."""
    for _ in range(draw.randint(0, most)):
        written = draw.choice(prefixes) + draw.choice(["", " ", "-"]) + written
    return written


def sly_abroad(draw, rest):
    """A string with which somebody may try to reach a number abroad past a filter."""
    written = ordinary_abroad(draw, rest)
    tricks = [
        lambda: behind_prefixes(draw, written.strip(), 3),
        lambda: draw.choice(["+", "00"]) + rest + "".join(draw.choice(string.digits) for _ in range(draw.randint(1, 4))),
        lambda: draw.choice(["000", "++", "+00", "0011", "011", "+0", "00+"]) + rest,
        lambda: "+" + rest[:len(rest) - 9] + "(0)" + rest[len(rest) - 9:],
        lambda: draw.choice(["*31#", "#31#"]) + "00" + rest,
        lambda: ("+" + rest).translate(other_digits(draw)),
        lambda: "+44" + rest,
        lambda: "0" + rest,
        lambda: rest,
    ]
    return draw.choice(tricks)()


def sly_short(draw, rest):
    """A string with which somebody may try to reach a helpline's number past a filter."""
    tricks = [
        lambda: behind_prefixes(draw, ordinary_short(draw, rest).strip(), 4),
        lambda: behind_prefixes(draw, rest, 2, CARRIERS),
        lambda: rest + draw.choice(string.digits),
        lambda: rest[:-1],
        lambda: "0" + rest,
        lambda: "+44" + rest,
        lambda: rest.translate(other_digits(draw)),
        lambda: rest + draw.choice(["#", "*", "p1", ",1"]),
    ]
    return draw.choice(tricks)()


def sly_digits(draw, rest):
    """A string with which somebody may try to reach the number past a filter."""
    written = behind_prefixes(draw, ordinary(draw, rest), 4)
    tricks = [
        lambda: written,
        # Through another carrier, perhaps behind other codes and before them.
        lambda: behind_prefixes(draw, behind_prefixes(draw, "0" + rest, 2, CARRIERS), 2),
        lambda: draw.choice(CARRIERS) + draw.choice(["0044", "+44", "00 44 (0)"]) + rest,
        lambda: draw.choice(CARRIERS)[:draw.choice([3, 4])] + "0" + rest,
        lambda: draw.choice(CARRIERS) + rest,
        lambda: "".join(c + draw.choice(["", " ", "-", "."]) for c in written),
        # Digits after a complete number: a network may ignore them.
        lambda: "0" + rest + "".join(draw.choice(string.digits) for _ in range(draw.randint(1, 6))),
        lambda: "0044" + draw.choice(["0", "00", " 0 ", "(0)"]) + rest,
        lambda: "44" + draw.choice(["", "0", " "]) + rest,
        lambda: "+44" + draw.choice(["00", "0 0", "44", "+44", "-0-"]) + rest,
        lambda: "++44" + rest,
        lambda: draw.choice(["*31#", "#31#", "*67", "*#", "**21*"]) + "0" + rest + draw.choice(["", "#", "*"]),
        lambda: "0" + rest + draw.choice(["#", "*", "p1", "w1", ",1", ";1", "x1", " ext 1", "/", "?"]),
        lambda: "011" + "44" + rest,
        lambda: "9" + "0" + rest,
        lambda: "0" + rest.translate(other_digits(draw)),
        lambda: "\u200e0" + rest,
        lambda: "0" + rest[:4] + "\u00a0" + rest[4:],
        lambda: "\uff0b44" + rest,
        lambda: written.upper() + draw.choice(["\x00", "\t", "\x0b", " "]),
    ]
    return draw.choice(tricks)()


def other_digits(draw):
    """Some digits in another script: Arabic, Devanagari, full-width, circled or mathematical."""
    zero = draw.choice([0x660, 0x6F0, 0x966, 0xFF10, 0x1D7CE])
    swapped = draw.sample(string.digits, draw.randint(1, 10))
    return {ord(digit): chr(zero + int(digit)) for digit in swapped}


def percent(draw, text, share):
    """Escapes some of the characters, and whatever a URI cannot hold."""
    out = []
    for byte in text.encode("utf-8"):
        char = chr(byte)
        plain = char.isascii() and (char.isalnum() or char in "-_.!~*'()+")
        out.append(char if plain and draw.random() >= share else "%%%02X" % byte if draw.random() < 0.5 else "%%%02x" % byte)
    return "".join(out)


def plain_uri(draw, written):
    user = percent(draw, written.replace(" ", ""), 0)
    return draw.choice([f"sip:{user}@gate.invalid", f"sip:{user}@gate.invalid;user=phone", f"sips:{user}@gate.invalid:5061"])


def sly_uri(draw, rest):
    """A Request-URI with which somebody may try to reach the number past a filter."""
    user = percent(draw, sly_digits(draw, rest) if draw.random() < 0.5 else ordinary(draw, rest), draw.choice([0, 0.2, 1]))
    host = draw.choice(["gate.invalid", "127.0.0.1", "gate.invalid:5060", "[::1]"])
    tricks = [
        lambda: f"sip:{user}@{host}",
        lambda: f"SIP:{user}@{host};user=phone",
        lambda: f"sip:{user};phone-context=+44@{host}",
        lambda: f"sip:{rest};phone-context=+44@{host};user=phone",
        lambda: f"sip:{rest};phone-context=uk.invalid@{host}",
        lambda: f"sip:{rest};phone-context=%2B44@{host}",
        lambda: f"sip:0{rest};phone-context=+44;phone-context=+1@{host}",
        lambda: f"sip:0{rest};user=phone@{host}",
        lambda: f"sip:0{rest};rn=+441632960000;npdi@{host};user=phone",
        lambda: f"sip:0{rest};cic=+44{rest[:4]}@{host}",
        lambda: f"sip:0{rest}%3Bphone-context=+44@{host}",
        lambda: f"sip:116123@{host};user=phone?Route=%3Csip:0{rest}%40{host}%3E",
        lambda: f"sip:{user};ext=1@{host}",
        lambda: f"sip:{user};postd=pp1@{host}",
        lambda: f"sip:{user};isub=1@{host}",
        lambda: f"sip:{user}:secret@{host}",
        lambda: f"sip:{user}@{host}?To=%3Csip%3A116123%40gate.invalid%3E",
        lambda: f"sip:116123@{user}@{host}",
        lambda: f"tel:{user}",
        lambda: f"tel:+44{rest};ext=22",
        lambda: f"tel:{rest};phone-context=+44",
        lambda: f"tel:0{rest};phone-context=example.invalid",
        lambda: f"TEL:+44{rest}",
        lambda: f"tel:+44-{rest[:4]}-{rest[4:]};phone-context=+1",
        lambda: f"sip:%00{user}@{host}",
        lambda: f"sip:{user}%@{host}",
    ]
    return draw.choice(tricks)()


FORMS = {
    "home": (ordinary, sly_digits),
    "abroad": (ordinary_abroad, sly_abroad),
    "short": (ordinary_short, sly_short),
}


def variant(draw, kind, number, area):
    of = "short" if number.short else "abroad" if number.abroad else "home"
    plain, sly = FORMS[of]
    local = area and of == "home" and number.rest.startswith(area[1:]) and draw.random() < 0.5
    if local:
        return "digits", behind_prefixes(draw, grouped_freely(draw, number.rest[len(area) - 1:]), 3 if kind == "barred" else 1)
    if draw.random() < 0.6:
        text = sly(draw, number.rest) if kind == "barred" else behind_prefixes(draw, plain(draw, number.rest), 1)
        return "digits", text
    if kind == "barred" and of == "home":
        return "uri", sly_uri(draw, number.rest)
    if kind == "barred":
        return "uri", f"sip:{percent(draw, sly(draw, number.rest), draw.choice([0, 0.2, 1]))}@gate.invalid"
    written = behind_prefixes(draw, plain(draw, number.rest).strip(), 1)
    if of == "short":
        return "uri", draw.choice([f"tel:{number.rest};phone-context=+44", plain_uri(draw, written)])
    return "uri", f"tel:{number.canonical}" if draw.random() < 0.2 else plain_uri(draw, written)


def read(path):
    with open(path, encoding="ascii") as lines:
        numbers = [Number(line) for line in lines if line.strip()]
    if not numbers:
        sys.exit(f"{path} holds no number")
    return numbers


def main():
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("--count", type=int, default=1_000_000)
    asked.add_argument("--seed", type=int, default=7)
    asked.add_argument("--barred", required=True)
    asked.add_argument("--permitted", required=True)
    asked.add_argument("--area", default="")
    asked = asked.parse_args()
    draw = random.Random(asked.seed)
    numbers = {"barred": read(asked.barred), "permitted": read(asked.permitted)}
    kinds = ["barred", "permitted"] * (asked.count // 2)
    draw.shuffle(kinds)
    for kind in kinds:
        number = draw.choice(numbers[kind])
        how, text = variant(draw, kind, number, asked.area)
        text = text.replace("\n", " ").replace("\r", " ")
        sys.stdout.write(f"{kind}\t{number.canonical}\t{how}\t{text}\n")


if __name__ == "__main__":
    main()
