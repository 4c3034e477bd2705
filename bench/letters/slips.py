"""What people and scanners do to an address on its way to an envelope, one function a class, and what is not a slip
but another address. Each takes an address and a source of chance and gives (text, postcode), or None where the
address has nothing to get wrong in that way.
"""
import re
import string
from dataclasses import replace

LETTERS = string.ascii_uppercase
PEOPLE = ["MRS J SMITH", "MR & MRS PATEL", "MISS A KHAN", "MS KELLY BROWN", "AUNTIE JEAN", "SARAH", "MUM AND DAD",
          "THE OCCUPIER", "DR P OKAFOR", "MR D LLEWELLYN-JONES", "NAN", "TRACEY MCDONALD", "MX R LEE"]
SHORT = dict(STREET="ST", ROAD="RD", LANE="LN", AVENUE="AVE", CLOSE="CL", DRIVE="DR", CRESCENT="CRES", GARDENS="GDNS",
             PLACE="PL", SQUARE="SQ", TERRACE="TERR", GROVE="GR", COURT="CT", NORTH="NTH", APARTMENT="APT", FLAT="FLT")
WORDS = "ZERO ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN ELEVEN TWELVE".split()
SCANNED = {"0": "O", "O": "0", "1": "I", "I": "1", "B": "8", "S": "5", "M": "RN", "H": "N", "E": "F", "G": "6", "5": "S"}


def typo(text, chance):
    """One slip in a word of four letters or more: a letter dropped, doubled, swapped or replaced."""
    places = [found.span() for found in re.finditer(r"[A-Z]{4,}", text)]
    if not places:
        return None
    start, end = chance.choice(places)
    at = chance.randrange(start + 1, end - 1)
    return {
        "drop": text[:at] + text[at + 1:],
        "double": text[:at] + text[at] + text[at:],
        "swap": text[:at] + text[at + 1] + text[at] + text[at + 2:],
        "replace": text[:at] + chance.choice(LETTERS) + text[at + 1:],
    }[chance.choice(["drop", "double", "swap", "replace"])]


def verbatim(address, chance):
    return address.text(), address.postcode


def addressee(address, chance):
    return f"{chance.choice(PEOPLE)} {address.text()}", address.postcode


def care_of(address, chance):
    return f"C/O {chance.choice(PEOPLE)} {address.text()}", address.postcode


def abbrev(address, chance):
    words = [SHORT.get(word, word) for word in address.text().split()]
    return " ".join(words), address.postcode


def no_postcode(address, chance):
    return address.text(), ""


def outcode_only(address, chance):
    return address.text(), address.postcode.split()[0]


def no_town(address, chance):
    return replace(address, rest=()).text(), address.postcode


def num_and_pc_only(address, chance):
    return (address.number, address.postcode) if address.number and not address.part else None


def drop_name(address, chance):
    if not (address.name and address.number):
        return None
    return replace(address, name="").text(), address.postcode


def number_words(address, chance):
    if not (address.number.isdigit() and 0 < int(address.number) < len(WORDS)):
        return None
    return replace(address, number=WORDS[int(address.number)]).text(), address.postcode


def flat_slash(address, chance):
    label = address.part.removeprefix("FLAT ").removeprefix("UNIT ")
    if not (label.isdigit() and address.number):
        return None
    return replace(address, part="", number=f"{label}/{address.number}").text(), address.postcode


def reorder(address, chance):
    pieces = [*(piece for piece in address.rest if piece), address.street, address.name, address.number, address.part]
    return " ".join(piece for piece in pieces if piece), address.postcode


def street_typo(address, chance):
    street = typo(address.street, chance)
    return (replace(address, street=street).text(), address.postcode) if street else None


def street_typo2_nopc(address, chance):
    once = typo(address.street, chance)
    twice = once and typo(once, chance)
    return (replace(address, street=twice).text(), "") if twice else None


def spaced_joined(address, chance):
    words = address.text().split()
    at = chance.randrange(len(words) - 1) if chance.random() < 0.4 else 0
    words[at:at + 2] = [words[at] + words[at + 1]]
    return " ".join(words), address.postcode.replace(" ", "")


def postcode_edit(address, chance):
    outcode, incode = address.postcode.split()
    at = chance.randrange(3)
    if at == 2 and incode[1] != incode[2]:
        return address.text(), f"{outcode} {incode[0]}{incode[2]}{incode[1]}"
    at = min(at, 2)
    other = chance.choice(string.digits if at == 0 else "ABDEFGHJLNPQRSTUWXYZ")
    edited = incode[:at] + other + incode[at + 1:]
    return (address.text(), f"{outcode} {edited}") if edited != incode else None


def ocr_noise(address, chance):
    def scanned(text, rate):
        return "".join(SCANNED[c] if c in SCANNED and chance.random() < rate else c for c in text)
    return scanned(address.text(), 0.12), scanned(address.postcode, 0.12)


POSITIVE = dict(verbatim=verbatim, addressee=addressee, care_of=care_of, abbrev=abbrev, no_postcode=no_postcode,
                outcode_only=outcode_only, no_town=no_town, num_and_pc_only=num_and_pc_only, drop_name=drop_name,
                number_words=number_words, flat_slash=flat_slash, reorder=reorder, street_typo=street_typo,
                street_typo2_nopc=street_typo2_nopc, spaced_joined=spaced_joined, postcode_edit=postcode_edit,
                ocr_noise=ocr_noise)


def first_number(text):
    found = re.match(r"\d+", text)
    return int(found[0]) if found else None


def neighbour(address, others, chance):
    number = first_number(address.number)
    if number is None:
        return None
    return replace(address, number=str(max(1, number + chance.choice([-4, -2, 2, 4]))))


def transposed_num(address, others, chance):
    number = re.match(r"\d+", address.number)
    if not number or len(number[0]) < 2 or number[0][0] == number[0][1] or number[0][1] == "0":
        return None
    digits = number[0]
    return replace(address, number=digits[1] + digits[0] + digits[2:])


def other_flat(address, others, chance):
    found = re.fullmatch(r"(FLAT|UNIT) (\d+|[A-Z])", address.part)
    if not found or not address.number:
        return None
    label = found[2]
    other = str(int(label) + 1) if label.isdigit() else chr(ord(label) + 1)
    return replace(address, part=f"{found[1]} {other}")


def other_street(address, others, chance):
    other = chance.choice(others)
    if not address.number or other.street == address.street:
        return None
    return replace(other, part=address.part, name="", number=address.number)


def same_street_other_town(address, others, chance):
    other = chance.choice(others)
    # In one postal district it is the same town, and the same address with a wrong postcode.
    if other.postcode.split()[0] == address.postcode.split()[0]:
        return None
    return replace(address, rest=other.rest, postcode=other.postcode)


def random_real(address, others, chance):
    return chance.choice(others)


NEGATIVE = dict(NEG_neighbour=neighbour, NEG_transposed_num=transposed_num, NEG_other_flat=other_flat,
                NEG_other_street=other_street, NEG_same_street_other_town=same_street_other_town,
                NEG_random_real=random_real)
# Of a hundred letters to none of the barred addresses, so many of each class, and as many of each other class.
SHARES = dict(NEG_neighbour=12, NEG_transposed_num=9, NEG_other_flat=1, NEG_other_street=18,
              NEG_same_street_other_town=20, NEG_random_real=40)
