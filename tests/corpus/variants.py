#!/usr/bin/env python3
"""Makes a corpus of dialled strings from the rules of the UK's numbering plan. Shares no code with the resolver.

    variants.py --count 1000000 --seed 7 --barred barred.txt --permitted permitted.txt

The two files hold numbers as they are written at home (`07700 900123`), one a line. Out comes one variant a line,
in any order, half of them of barred numbers:

    barred|permitted TAB +447700900123 TAB how TAB dialled

`how` is `digits` for what is dialled on a keypad, `uri` for what stands in the Request-URI of an INVITE. A permitted
number comes only in ordinary forms: how people write it, with the service prefixes that people dial. A barred number
comes in every form that a UK network might route to it, and in those that somebody may try to get past a filter.

Sources of the rules: Ofcom, National Telephone Numbering Plan (number lengths, access codes of type A and B);
Ofcom's published ranges for drama; Relay UK (18001, 18002); RFC 3261 19.1 and RFC 3966 (URIs).
"""
import argparse
import random
import string
import sys

# Prefixes that a network swallows: withhold and give the number, carrier selection, text relay.
PREFIXES = ["141", "1470", "18001", "18002", "1280"]
# How people group the digits of a national number: by the digits it begins with, without the 0.
GROUPS = [("2", (2, 4, 4)), ("11", (3, 3, 4)), ("1x1", (3, 3, 4)), ("3", (3, 3, 4)), ("8", (3, 3, 4)), ("", (4, 6))]


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
        "0" + written, "0" + rest, f"(0{area}) {tail}", f"+44 {written}", f"+44{rest}", f"+44 (0) {written}",
        f"+44(0){rest}", f"0044 {written}", f"0044{rest}", f"00 44 {written}", f" 0{written} ",
    ])


def behind_prefixes(draw, written, most):
    """Service prefixes in front, as dialled: digits, perhaps a space between."""
    for _ in range(draw.randint(0, most)):
        written = draw.choice(PREFIXES) + draw.choice(["", " ", "-"]) + written
    return written


def sly_digits(draw, rest):
    """A string with which somebody may try to reach the number past a filter."""
    written = behind_prefixes(draw, ordinary(draw, rest), 4)
    tricks = [
        lambda: written,
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


def tel_uri(rest):
    return f"tel:+44{rest}"


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


def variant(draw, kind, rest):
    if draw.random() < 0.6:
        text = sly_digits(draw, rest) if kind == "barred" else behind_prefixes(draw, ordinary(draw, rest), 1)
        return "digits", text
    if kind == "barred":
        return "uri", sly_uri(draw, rest)
    written = behind_prefixes(draw, ordinary(draw, rest).strip(), 1)
    return "uri", tel_uri(rest) if draw.random() < 0.2 else plain_uri(draw, written)


def read(path):
    with open(path, encoding="ascii") as lines:
        rests = ["".join(c for c in line if c.isdigit())[1:] for line in lines if line.strip()]
    if not rests:
        sys.exit(f"{path} holds no number")
    return rests


def main():
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("--count", type=int, default=1_000_000)
    asked.add_argument("--seed", type=int, default=7)
    asked.add_argument("--barred", required=True)
    asked.add_argument("--permitted", required=True)
    asked = asked.parse_args()
    draw = random.Random(asked.seed)
    numbers = {"barred": read(asked.barred), "permitted": read(asked.permitted)}
    kinds = ["barred", "permitted"] * (asked.count // 2)
    draw.shuffle(kinds)
    for kind in kinds:
        rest = draw.choice(numbers[kind])
        how, text = variant(draw, kind, rest)
        text = text.replace("\n", " ").replace("\r", " ")
        sys.stdout.write(f"{kind}\t+44{rest}\t{how}\t{text}\n")


if __name__ == "__main__":
    main()
